/** A part of the service worker: shows what the server pushes, and opens it when it is touched. */
addEventListener("push", (event) => {
  const { title, path, organization_id } = event.data.json();
  const options = { tag: path, data: organization_id ? `${path}?organization=${organization_id}` : path, icon: "/icons/192.png", lang: "zh-CN" };
  event.waitUntil(registration.showNotification(title, options));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show(`/open${event.notification.data}`));
});

async function show(address) {
  const [page] = await clients.matchAll({ type: "window" });
  if (!page) return clients.openWindow(address);
  await page.focus();
  return page.navigate(address);
}
