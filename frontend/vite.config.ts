import { defineConfig } from 'vite'

// Two bundles: the panel is one module that TensorBoard imports, the portal has pages of its own.
const BUNDLES = {
  panel: { outDir: '../tb_share/plugin/static', input: { index: 'src/panel/index.tsx' } },
  portal: {
    outDir: '../tb_share/gateway/portal/static',
    input: { portal: 'src/portal/index.tsx', sign_in: 'src/portal/sign_in.ts', pages: 'src/styles/pages.css' },
  },
}

export default defineConfig(({ mode }) => {
  const bundle = mode === 'portal' ? BUNDLES.portal : BUNDLES.panel
  return {
    base: './',
    build: {
      outDir: bundle.outDir,
      emptyOutDir: true,
      modulePreload: false,
      target: 'es2022',
      rollupOptions: {
        input: bundle.input,
        preserveEntrySignatures: 'strict',
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: 'static/[name]-[hash].js',
          assetFileNames: '[name][extname]',
        },
      },
    },
  }
})
