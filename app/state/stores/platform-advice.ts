// What to do on this very platform when there is no WebGPU, or no adapter for it.

type Platform = 'android' | 'ios' | 'mac' | 'windows' | 'linux' | 'other';

function platformOf(agent: string): Platform {
  if (/android/i.test(agent)) return 'android';
  if (/iphone|ipad|ipod/i.test(agent)) return 'ios';
  if (/mac os x|macintosh/i.test(agent)) return 'mac';
  if (/windows/i.test(agent)) return 'windows';
  return /linux|cros|x11/i.test(agent) ? 'linux' : 'other';
}

const WITHOUT_WEBGPU: Record<Platform, string> = {
  android: 'On Android, use Chrome 121 or newer on Android 12 or newer.',
  ios: 'On iPhone and iPad, WebGPU comes with iOS and iPadOS 26: update the system; every browser there uses its Safari.',
  mac: 'On a Mac, use Chrome or Edge 113 or newer, Safari 26, or Firefox 145 or newer on Apple silicon.',
  windows: 'On Windows, use Chrome or Edge 113 or newer, or Firefox 141 or newer.',
  linux:
    'On Linux, use a current Chrome or Chromium; where it has no WebGPU by itself, start it with --enable-unsafe-webgpu --enable-features=Vulkan.',
  other: 'Open the page in a browser with WebGPU: Chrome or Edge 113+, Safari 26+, Firefox 141+ on Windows.',
};

const WITHOUT_ADAPTER: Record<Platform, string> = {
  android: 'Update Android and the browser; old graphics drivers are refused.',
  ios: 'Update the system, and look whether Lockdown Mode is on for this page: it switches WebGPU off.',
  mac: 'Look in the browser’s settings whether hardware acceleration is on, then restart the browser.',
  windows:
    'Update the graphics driver, and look in the browser’s settings whether hardware acceleration is on; remote desktops often have none.',
  linux:
    'Install the Vulkan driver of the graphics card (mesa-vulkan-drivers, or NVIDIA’s own), and look at chrome://gpu. Without a card, --use-webgpu-adapter=swiftshader computes on the CPU.',
  other: 'Update the graphics driver, or allow hardware acceleration.',
};

/** @param agent the browser's user agent string */
export function platformAdvice(code: 'no-webgpu' | 'no-adapter', agent: string): string {
  const platform = platformOf(agent);
  if (code === 'no-adapter') return WITHOUT_ADAPTER[platform];
  if (platform === 'linux' && /firefox/i.test(agent)) {
    return `Firefox on Linux may have WebGPU in its Nightly builds only. ${WITHOUT_WEBGPU.linux}`;
  }
  return WITHOUT_WEBGPU[platform];
}
