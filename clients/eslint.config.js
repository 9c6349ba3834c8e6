import vue from "eslint-plugin-vue";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["**/node_modules/", "api/src/schema.d.ts", "*/src/typed-router.d.ts", "**/test-results/"] },
  ...tseslint.configs.strict,
  ...vue.configs["flat/recommended"],
  {
    files: ["**/*.vue"],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  {
    rules: {
      "max-lines": ["error", 250], // split by noun; how many files a folder holds is checked by scripts/folders.mjs
      "@typescript-eslint/no-non-null-assertion": "off", // indexes are checked by the compiler; the rest is said by `!`
      "@typescript-eslint/no-dynamic-delete": "off",
      "vue/html-indent": "off", // how lines are broken is nobody's quarrel
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/multiline-html-element-content-newline": "off",
      "vue/html-self-closing": "off",
      "vue/html-closing-bracket-newline": "off",
      "vue/multi-word-component-names": "off", // pages are named by their address
      "vue/require-default-prop": "off", // an optional prop is undefined
      "no-console": ["error", { allow: ["error"] }],
    },
  },
  { files: ["scripts/**", "*/scripts/**"], rules: { "no-console": "off" } }, // printing is their job
);
