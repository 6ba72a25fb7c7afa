import { expect, test } from 'vitest';
import { platformAdvice } from './platform-advice.ts';

const AGENTS: [string, RegExp, RegExp][] = [
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0', /Windows/, /driver/],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.4 Safari/605.1.15',
    /Mac/,
    /acceleration/,
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Safari',
    /iOS/,
    /Lockdown/,
  ],
  [
    'Mozilla/5.0 (Linux; Android 11; Pixel 3) AppleWebKit/537.36 Chrome/118.0 Mobile Safari/537.36',
    /Android/,
    /Android/,
  ],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36', /Linux/, /Vulkan/],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0', /Firefox on Linux/, /Vulkan/],
  ['', /browser with WebGPU/, /driver/],
];

test.each(AGENTS)('%s', (agent, missing, adapterless) => {
  expect(platformAdvice('no-webgpu', agent)).toMatch(missing);
  expect(platformAdvice('no-adapter', agent)).toMatch(adapterless);
});
