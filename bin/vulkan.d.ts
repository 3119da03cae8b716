export function hasRealGpu(): boolean;
export function vulkanEnvironment(env?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
