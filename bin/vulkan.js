import {existsSync, readdirSync} from "node:fs";
import {join} from "node:path";
import {unpackChromium} from "./unpack.js";

const icdFolders = [
  "/usr/share/vulkan/icd.d",
  "/etc/vulkan/icd.d",
  "/usr/local/share/vulkan/icd.d"
];
const loaderFolders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/local/lib"];
const software = /lvp|lavapipe|swiftshader/;

const list = (folder) => (existsSync(folder) ? readdirSync(folder) : []);

/** Whether the system has a graphics card, a driver for it and a Vulkan loader. */
export function hasRealGpu() {
  const card =
    list("/dev/dri").some((name) => name.startsWith("renderD")) ||
    existsSync("/dev/nvidiactl") ||
    existsSync("/dev/dxg");
  const driver = icdFolders.flatMap(list).some((name) => !software.test(name));
  const loader = loaderFolders.some((folder) => existsSync(join(folder, "libvulkan.so.1")));
  return card && driver && loader;
}

/**
 * The environment in which Dawn (npm `webgpu`) and deno find a Vulkan adapter: unchanged where there
 * is a real GPU, where drivers are named already, or off Linux; else with the SwiftShader that
 * `@sparticuz/chromium` carries, and its loader. It must be set before the process starts.
 */
export function vulkanEnvironment(env = process.env) {
  const named = env.VK_DRIVER_FILES ?? env.VK_ICD_FILENAMES;
  if (named !== undefined || process.platform !== "linux" || hasRealGpu()) return {...env};
  const folder = unpackChromium(["swiftshader"]);
  const icd = join(folder, "vk_swiftshader_icd.json");
  const libraries = [folder, env.LD_LIBRARY_PATH].filter(Boolean).join(":");
  return {...env, LD_LIBRARY_PATH: libraries, VK_ICD_FILENAMES: icd, VK_DRIVER_FILES: icd};
}
