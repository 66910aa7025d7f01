/** Whether a server says at this URL that it is well; made to be polled. */
export async function answers(url: string, signal: AbortSignal): Promise<true | undefined> {
  const response = await fetch(url, { signal }).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok ? true : undefined;
}
