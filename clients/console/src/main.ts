import { VueQueryPlugin } from "@tanstack/vue-query";
import { queryClient } from "@lvyi/shared";
import { createApp } from "vue";
import App from "./App.vue";
import "./base.css";
import { router } from "./router";
import "./tokens.css";
import { unhandled } from "@lvyi/shared/ui";

const app = createApp(App);
app.config.errorHandler = unhandled;
app.use(VueQueryPlugin, { queryClient });
app.use(router);
void router.isReady().then(() => app.mount("#app"));
