/** What this device says of itself, for the record of who opened what with which. */
export function device() {
  const { platform = '', language = '', userAgentData } = navigator;
  const { width, height } = window.screen;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || '';
  const ratio = Math.round((window.devicePixelRatio || 1) * 100) / 100;
  return { platform: (userAgentData && userAgentData.platform) || platform, language, zone, screen: `${width}x${height}@${ratio}` };
}
