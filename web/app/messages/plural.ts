/**
 * Gives the form of a word that goes with a number, by the language's own rules:
 * `plural('ru', { one: 'шаг', few: 'шага', many: 'шагов', other: 'шага' })(3)` is "шага".
 */
export function plural(
  locale: string,
  forms: Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string },
): (n: number) => string {
  const rules = new Intl.PluralRules(locale)
  return (n) => forms[rules.select(n)] ?? forms.other
}
