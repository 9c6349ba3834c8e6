/**
 * A small script of the build that runs while the app itself is on its way: it asks for the files and the first
 * answers of the page that is opened, which would otherwise be asked for one after the other.
 */
import type { Plugin } from "vite";

/** What pages that are opened first, or by a link, ask the API for at once; names in brackets are those of the path. */
const ANSWERS: Record<string, string[]> = {
  "/": ["/updates?scope=all&limit=8", "/activities?mine=true&when=upcoming&limit=10", "/topics?limit=10", "/notifications?limit=20"],
  "/topics/[id]": ["/topics/[id]"],
  "/updates/[id]": ["/updates/[id]"],
  "/cards/[seat]/[period]": ["/cards/[seat]/[period]"],
};

interface Page {
  /** A regular expression; `$1` in the answers is its first group. */
  path: string;
  files: string[];
  answers: string[];
}

export function early(): Plugin {
  let src = "";
  return {
    name: "early",
    apply: "build",
    generateBundle(_options, bundle) {
      function needs(file: string, needed = new Set<string>()): Set<string> {
        const chunk = bundle[file];
        if (needed.has(file) || chunk?.type !== "chunk") return needed;
        for (const one of [file, ...chunk.viteMetadata!.importedCss]) needed.add(one);
        for (const other of chunk.imports) needs(other, needed);
        return needed;
      }
      const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
      const app = needs(chunks.find(({ isEntry }) => isEntry)!.fileName);
      const pages = [page("/", [])]; // its files are the app's
      for (const { fileName, facadeModuleId } of chunks) {
        const route = facadeModuleId?.match(/src\/pages(\/[^.]*?)(\/index)?\.vue$/)?.[1];
        if (route) pages.push(page(route, [...needs(fileName)].filter((file) => !app.has(file))));
      }
      // /updates/new before /updates/[id]
      pages.sort((one, other) => one.path.split("(").length - other.path.split("(").length);
      src = `/${this.getFileName(this.emitFile({ type: "asset", name: "early.js", source: `(${ask})(${JSON.stringify(pages)})` }))}`;
    },
    transformIndexHtml: {
      order: "post",
      handler: () => [{ tag: "script", attrs: { src, async: true, fetchpriority: "high" }, injectTo: "head" }],
    },
  };
}

/** The page of a route such as `/topics/[id]`. */
function page(route: string, files: string[]): Page {
  const names = route.match(/\[\w+\]/g) ?? [];
  const answers = (ANSWERS[route] ?? []).map((path) => names.reduce((filled, name, i) => filled.replace(name, `$${i + 1}`), `/api/v1${path}`));
  return { path: `^${route.replace(/\[\w+\]/g, "([^/]+)")}/?$`, files, answers };
}

/** Runs on the phone by itself: nothing of this file but its argument is there. */
function ask(pages: Page[]): void {
  const { pathname } = location;
  const page = pages.find(({ path }) => new RegExp(path).test(pathname));
  if (!page) return;
  function add(rel: string, as: string, href: string): void {
    document.head.append(Object.assign(document.createElement("link"), { rel, as, href, crossOrigin: "" }));
  }
  for (const file of page.files) {
    if (file.endsWith(".css")) add("preload", "style", `/${file}`);
    else add("modulepreload", "script", `/${file}`);
  }
  try {
    if (!localStorage.getItem("lvyi.me")) return; // nobody is logged in
  } catch {
    return;
  }
  for (const answer of page.answers) add("preload", "fetch", pathname.replace(new RegExp(page.path), answer));
}
