import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import bpmnlint from './plugins/bpmnlint.js';
import compress from './plugins/compress.js';
import icons from './plugins/icons.js';
import formjs from './plugins/formjs.js';
import formjsEditor from './plugins/formjs-editor.js';
import modeller from './plugins/modeller.js';

// Every page loads `inbox` and `app`; forms, signatures and diagrams are islands that it imports where a page has them.
export default defineConfig(({ mode }) => ({
  base: '/static/build/',
  publicDir: false,
  plugins: [icons(), formjs(), formjsEditor(), bpmnlint(), modeller(), compress()],
  resolve: { alias: { '@bpmn-io/element-templates-validator': fileURLToPath(new URL('src/studio/bpmn/template-check.js', import.meta.url)) } },
  build: {
    outDir: '../api/static/build',
    emptyOutDir: true,
    manifest: true,
    license: true,
    assetsInlineLimit: 0,
    // Old WebViews: X5 and XWEB kernels of messengers, iOS 13.4. What syntax cannot cover, src/polyfills.js does.
    target: ['es2019', 'chrome64', 'safari13.1'],
    cssTarget: ['chrome79', 'safari13.1'],
    modulePreload: { polyfill: false },
    sourcemap: mode === 'development',
    minify: mode !== 'development',
    // The modeller of BPMN, which designers alone load.
    chunkSizeWarningLimit: 2100,
    rollupOptions: { checks: { pluginTimings: false }, input: { pressed: 'src/pressed.js', inbox: 'src/inbox.js', app: 'src/app.css', operation: 'src/admin/admin.css', signing: 'src/signing/signing.css', verify: 'src/verify/verify.css', exam: 'src/exam/exam.css', learning: 'src/learning/learning.css', training: 'src/training/training.css', courses: 'src/courses/courses.css', player: 'src/scorm/player.js', playing: 'src/scorm/player.css', agreements: 'src/agreements/agreements.css', ask: 'src/styles/ask.css', texts: 'src/agreements/texts/texts.css', studio: 'src/studio/studio.css', scenarios: 'src/studio/scenarios/scenarios.css', publishing: 'src/studio/publishing/publishing.css' } }
  }
}));
