/** Hands a file to the visitor, as a download. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download holds the blob once it has begun, which is after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
