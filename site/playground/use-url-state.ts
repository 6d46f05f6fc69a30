import { onMounted, type Ref, ref, watch } from 'vue'

/**
 * Keeps a setting in the page's address, so that it can be shared; the initial one is left out of it.
 *
 * An address that names a value which is not `allowed` gets the initial one.
 */
export function useUrlState<T extends string | number>(name: string, allowed: readonly T[], initial: T): Ref<T> {
  const state = ref(initial) as Ref<T>
  // The server has no address: its page shows the initial values, the browser's then the reader's.
  onMounted(() => {
    const given = new URLSearchParams(location.search).get(name)
    state.value = allowed.find((value) => String(value) === given) ?? initial
    watch(state, (value) => {
      const url = new URL(location.href)
      if (value === initial) url.searchParams.delete(name)
      else url.searchParams.set(name, String(value))
      history.replaceState(history.state, '', url)
    })
  })
  return state
}
