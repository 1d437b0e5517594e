/** The SHA-256 of a file. */

/** SHA-256 of the file; nothing where the page is not secure, and the browser refuses. @param {Blob} file */
export async function digest(file) {
  if (!crypto.subtle) return "";
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
