/** A part of the service worker: shows what the server pushes, and opens it when it is touched. */
addEventListener("push", (event) => {
  const { title, path } = event.data.json();
  const shown = { tag: path, data: path, icon: "/icons/192.png", lang: "zh-CN" };
  event.waitUntil(registration.showNotification(title, shown));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(`/open?path=${encodeURIComponent(event.notification.data)}`));
});

async function open(address) {
  const [page] = await clients.matchAll({ type: "window" });
  if (!page) return clients.openWindow(address);
  await page.focus();
  return page.navigate(address);
}
