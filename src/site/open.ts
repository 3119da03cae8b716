import type {Problem} from "./check/problem.js";
export async function openSite(_folder: string, _pages: readonly string[]): Promise<Problem[]> {
  return [];
}
