import { VueQueryPlugin } from "@tanstack/vue-query";
import { queryClient } from "@lvyi/shared";
import { createApp } from "vue";
import App from "./App.vue";
import "./base.css";
import { unhandled } from "@lvyi/shared/ui";
import { showFieldErrors } from "./ui/field-errors";
import { router } from "./router";
import "./tokens.css";

// Chromium before 123, Safari before 26
if (!CSS.supports("field-sizing", "content")) void import("./old-phones/growing");

const app = createApp(App);
app.config.errorHandler = unhandled;
showFieldErrors();
app.use(VueQueryPlugin, { queryClient });
app.use(router);
// in a task of its own: the first touch need not wait for both
void router.isReady().then(() => setTimeout(() => app.mount("#app")));

// it fetches the whole app for when there is no network: not while a page is being opened
const LATER = 6000;
if ("serviceWorker" in navigator && import.meta.env.PROD) {
  addEventListener("load", () => setTimeout(() => void navigator.serviceWorker.register("/sw.js"), LATER));
}
