/** Checks that the built app runs on the oldest browsers that we promise: `browserslist` in ../package.json. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import css from "@eslint/css";
import { ESLint } from "eslint";
import compat from "eslint-plugin-compat";
import esx from "eslint-plugin-es-x";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = process.argv[2] ?? here("../../app/_web/mobile/");
const { browserslist } = JSON.parse(readFileSync(here("../package.json"), "utf8"));

/** APIs that are newer, but used only where a test finds them; what is done elsewhere. */
const GUARDED_APIS = {
  requestIdleCallback: "a timer in idle.ts",
  Notification: "push.ts says how to have them",
  BarcodeDetector: "the code is typed",
  "navigator.storage": "drafts/on-phone.ts asks only where there is one; drafts are on the server too",
};

/** CSS that is newer, and what is seen without it. */
const HARMLESS_CSS = {
  allowProperties: {
    "field-sizing": "old-phones/growing.ts",
    "accent-color": "a progress bar in the browser's colour",
    "color-scheme": "scroll bars stay light in the dark",
    "content-visibility": "slower",
    "mask-image": "with its prefix",
    outline: "known everywhere; it did not follow rounded corners",
    "overflow-anchor": "there is nothing to switch off",
    "overscroll-behavior": "the page behind moves",
    "overscroll-behavior-x": "as above",
    "overscroll-behavior-y": "as above",
    resize: "no handle, as it says",
    "scroll-behavior": "jumps",
    "scroll-margin-bottom": "scrolls less far",
    "scroll-margin-top": "scrolls less far",
    "scroll-snap-stop": "one swipe may pass two pages",
    "scroll-snap-type": "known everywhere but in part",
    "scrollbar-width": "scroll bars are seen",
    "user-select": "with its prefix",
  },
  allowSelectors: {
    "focus-visible": "the browser draws its own ring",
    backdrop: "old-phones/dialog.css",
  },
  allowUnits: { dvh: "the same in vh stands before: vite.config.ts" },
};

/** Methods by their name alone: of what they are called on nothing is known in a built file. */
const NEW_METHODS = "at|findLast|findLastIndex|toReversed|toSorted|toSpliced|isWellFormed|toWellFormed";


/** Known everywhere; it is Firefox or the standard that was late. */
const SPELLED_OTHERWISE = { width: ["fit-content"], height: ["fit-content"], "word-break": ["break-word"] };

const harmless = Object.fromEntries(Object.entries(HARMLESS_CSS).map(([option, reasons]) => [option, Object.keys(reasons)]));

const eslint = new ESLint({
  cwd: folder,
  overrideConfigFile: true,
  overrideConfig: [
    {
      files: ["**/*.js"],
      extends: [esx.configs["flat/restrict-to-es2021"], compat.configs["flat/recommended"]],
      linterOptions: { reportUnusedDisableDirectives: "off" },
      settings: { browsers: browserslist, polyfills: Object.keys(GUARDED_APIS) },
      rules: {
        "es-x/no-weakrefs": "error", // Safari 14.1
        "es-x/no-regexp-lookbehind-assertions": "error", // Safari 16.4
        "no-restricted-syntax": ["error", `CallExpression[callee.property.name=/^(${NEW_METHODS})$/]:not(Property[key.name=/^to/] *)`], // Vue has its own
      },
    },
    {
      files: ["**/*.css"],
      plugins: { css },
      language: "css/css",
      languageOptions: { tolerant: true }, // old prefixes
      // of 2020 are Chromium 87 and Safari 14
      rules: { "css/use-baseline": ["error", { available: 2020, allowPropertyValues: SPELLED_OTHERWISE, ...harmless }] },
    },
  ].flatMap(({ extends: others = [], ...config }) => [...others.map((other) => ({ ...other, files: config.files })), config]),
});

let faults = 0;
for (const { filePath, messages } of await eslint.lintFiles(["**/*.js", "**/*.css"])) {
  const lines = readFileSync(filePath, "utf8").split("\n");
  for (const { line, column, message } of messages) {
    faults += 1;
    console.error(`${filePath.slice(folder.length)}: ${message}\n    …${lines[line - 1].slice(Math.max(0, column - 60), column + 40)}…`);
  }
}
console.log(faults ? `${faults} faults` : `${browserslist.join(", ")}: the build uses nothing newer`);
process.exit(faults ? 1 : 0);
