import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Each island is an entry of the manifest, by its name; nothing is inlined, as the policy allows no inline code. */
export default defineConfig({
  plugins: [react()],
  base: "./",
  build: {
    outDir: "../static/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: { input: { rule: "src/rule/index.tsx", table: "src/table/index.tsx" } },
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
