/**
 * Calls back whenever the page's colours change, by the visitor's choice or the system's: for what is drawn on a
 * canvas, which does not follow custom properties. Returns how to stop it.
 */
export function watchTheme(changed: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)')
  const chosen = new MutationObserver(changed)
  chosen.observe(document.documentElement, { attributeFilter: ['data-theme', 'style', 'class'] })
  system.addEventListener('change', changed)
  return () => {
    chosen.disconnect()
    system.removeEventListener('change', changed)
  }
}
