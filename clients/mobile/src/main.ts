import { VueQueryPlugin } from "@tanstack/vue-query";
import { queryClient } from "@lvyi/shared";
import { createApp } from "vue";
import App from "./App.vue";
import "./base.css";
import { broken } from "./failure";
import { router } from "./router";
import "./tokens.css";

const app = createApp(App);
app.config.errorHandler = broken;
app.use(VueQueryPlugin, { queryClient });
app.use(router);
void router.isReady().then(() => app.mount("#app"));

if ("serviceWorker" in navigator && import.meta.env.PROD) {
  addEventListener("load", () => void navigator.serviceWorker.register("/sw.js"));
}
