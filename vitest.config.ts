import {defineConfig} from "vitest/config";

const gpu = "test/**/*.gpu.test.ts";
const pages = ["test/site/pages/**/*.test.ts", "test/pages/**/*.test.ts"];

export default defineConfig({
  test: {
    passWithNoTests: false,
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [gpu, ...pages],
          testTimeout: 30_000
        }
      },
      {
        test: {
          name: "gpu",
          include: [gpu],
          pool: "forks",
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 60_000
        }
      },
      {
        test: {
          name: "pages",
          include: pages,
          pool: "forks",
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000
        }
      }
    ]
  }
});
