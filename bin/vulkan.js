import {existsSync, mkdirSync, readdirSync, symlinkSync} from "node:fs";
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

/** Whether the system has a graphics card and a Vulkan driver for it. */
export function hasRealGpu() {
  const card =
    list("/dev/dri").some((name) => name.startsWith("renderD")) ||
    existsSync("/dev/nvidiactl") ||
    existsSync("/dev/dxg");
  const driver = icdFolders.flatMap(list).some((name) => !software.test(name));
  return card && driver;
}

const hasLoader = () => loaderFolders.some((folder) => existsSync(join(folder, "libvulkan.so.1")));

/**
 * The environment in which Dawn (npm `webgpu`) and deno find a Vulkan adapter: a real GPU where there
 * is one, else the SwiftShader that `@sparticuz/chromium` carries; its loader where the system has
 * none. Unchanged where drivers are named already, and off Linux. It must be set before the process
 * starts.
 */
export function vulkanEnvironment(env = process.env) {
  const named = env.VK_DRIVER_FILES ?? env.VK_ICD_FILENAMES;
  const real = hasRealGpu();
  if (named !== undefined || process.platform !== "linux" || (real && hasLoader())) return {...env};
  const folder = unpackChromium(["swiftshader"]);
  const libraries = [loaderFolder(folder), env.LD_LIBRARY_PATH].filter(Boolean).join(":");
  if (real) return {...env, LD_LIBRARY_PATH: libraries};
  const icd = join(folder, "vk_swiftshader_icd.json");
  return {...env, LD_LIBRARY_PATH: libraries, VK_ICD_FILENAMES: icd, VK_DRIVER_FILES: icd};
}

/** The loader in a folder of its own: beside it lie graphics libraries that no one else should find. */
function loaderFolder(folder) {
  const alone = join(folder, "loader");
  const link = join(alone, "libvulkan.so.1");
  mkdirSync(alone, {recursive: true});
  try {
    symlinkSync("../libvulkan.so.1", link);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  return alone;
}
