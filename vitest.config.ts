import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { transform: { decorators: { legacy: true, emitDecoratorMetadata: true } } } as never,
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['{apps,libs,tests}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '.tools/**'],
    testTimeout: 90_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
  },
});
