import type { ManifestOptions } from "vite-plugin-pwa";

/** What a phone needs to install the app. */
export const manifest: Partial<ManifestOptions> = {
  name: "履易",
  short_name: "履易",
  description: "政协委员履职平台",
  lang: "zh-CN",
  id: "/",
  start_url: "/",
  scope: "/",
  display: "standalone",
  orientation: "portrait",
  background_color: "#f7f5f2",
  theme_color: "#f7f5f2",
  icons: [
    { src: "/icons/192.png", sizes: "192x192", type: "image/png" },
    { src: "/icons/512.png", sizes: "512x512", type: "image/png" },
    { src: "/icons/maskable.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
  ],
};
