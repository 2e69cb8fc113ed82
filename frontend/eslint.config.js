import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import globals from "globals";
import tseslint from "typescript-eslint";

/** Imports go one way: shared -> parts of a verdict -> features -> app. */
function forbidImports(files, ...groups) {
  return {
    files,
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: groups.map(([group, message]) => ({ group, message })) },
      ],
    },
  };
}

const app = [["@/app/*", "**/app/*"], "Only the app folder may use the app folder."];
const features = [["@/features/*", "**/features/*"], "The shared folder must not know features."];
const otherFeature = (name) => [
  [`@/features/${name}/*`, `**/${name}/*`],
  "A feature must not use another feature: move what both need to shared.",
];

export default defineConfig(
  globalIgnores(["dist", "dist-server", "test-results", "playwright-report", "src/shared/api/schema.d.ts"]),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ["./tsconfig.json", "./server/tsconfig.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      // Fastify's hooks must be async functions even where they await nothing.
      "@typescript-eslint/require-await": "off",
      eqeqeq: "error",
      "no-console": ["error", { allow: ["error"] }],
    },
  },
  { files: ["**/*.js"], extends: [tseslint.configs.disableTypeChecked] },
  {
    files: ["src/**/*.{ts,tsx}"],
    extends: [jsxA11y.flatConfigs.strict, reactHooks.configs.flat["recommended-latest"]],
    languageOptions: { globals: globals.browser },
    rules: {
      // A region that scrolls must be reachable by keyboard.
      "jsx-a11y/no-noninteractive-tabindex": ["error", { roles: ["tabpanel", "region"] }],
    },
  },
  { files: ["public/**/*.js"], languageOptions: { globals: globals.browser, sourceType: "script" } },
  forbidImports(["src/shared/**"], app, features),
  ...["evidence", "mistake", "report"].map((part) =>
    forbidImports(
      [`src/features/${part}/**`],
      app,
      ...["about", "classify", "evidence", "history", "mistake", "report"]
        .filter((name) => name !== part)
        .map(otherFeature),
    ),
  ),
  forbidImports(["src/features/classify/**"], app, otherFeature("about")),
  forbidImports(["src/features/about/**"], app, otherFeature("classify")),
  forbidImports(["src/features/history/**"], app, otherFeature("about"), otherFeature("classify")),
  prettier,
);
