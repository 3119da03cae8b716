import tseslint from "typescript-eslint";

export default tseslint.config(
  {ignores: ["dist/", ".cache/", "docs/.observablehq/", "docs/src/", "data/", "test/**/broken/"]},
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {parserOptions: {projectService: true, tsconfigRootDir: import.meta.dirname}},
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", {argsIgnorePattern: "^_"}],
      "@typescript-eslint/switch-exhaustiveness-check": "error"
    }
  }
);
