/** Hands on each file that is chosen by `input`, dropped on the page or pasted, and says what cannot be taken. */
export function takeFiles(input: HTMLInputElement, onFile: (file: File) => void, say: (message: string) => void): void {
  input.addEventListener('change', () => {
    const file = input.files?.[0]
    if (file) onFile(file)
    // Else to choose the same file again would change nothing.
    input.value = ''
  })
  document.addEventListener('paste', ({ clipboardData }) => {
    const file = clipboardData?.files[0]
    if (file) onFile(file)
    else say('There is no picture on the clipboard.')
  })
  takeDropped((files) => {
    if (files?.[0]) onFile(files[0])
    else say('That is not a file: save the picture first, then drop it here.')
  })
}

function takeDropped(onFiles: (files: FileList | undefined) => void): void {
  const mark = (dropping: boolean) => document.documentElement.classList.toggle('dropping', dropping)
  document.addEventListener('dragover', (event) => {
    event.preventDefault()
    mark(true)
  })
  document.addEventListener('dragleave', ({ relatedTarget }) => {
    if (!relatedTarget) mark(false)
  })
  document.addEventListener('drop', (event) => {
    event.preventDefault()
    mark(false)
    onFiles(event.dataTransfer?.files)
  })
}
