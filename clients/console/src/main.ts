import { VueQueryPlugin } from "@tanstack/vue-query";
import { queryClient } from "@lvyi/shared";
import { createApp } from "vue";
import App from "./App.vue";
import "./base.css";
import "./print.css";
import { router } from "./router";
import "./tokens.css";
import { sayRejections } from "./ui/rejections";
import { unhandled } from "@lvyi/shared/ui";

const app = createApp(App);
app.config.errorHandler = unhandled;
sayRejections();
app.use(VueQueryPlugin, { queryClient });
app.use(router);
void router.isReady().then(() => app.mount("#app"));
