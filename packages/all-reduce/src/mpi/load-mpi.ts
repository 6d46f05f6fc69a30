import type { LibraryHandle } from 'koffi'
import koffi from 'koffi'
import { AllReduceError } from '../all-reduce-error'
import type { Launch } from '../launch'
import { type Handles, mpich, openMpi, standardAbi } from './handles'

/** A library of MPI, and what its constants are. */
export interface MpiLibrary {
  functions: LibraryHandle
  handles: Handles
  /** Such as `Open MPI v4.1.4 (libmpi.so.40)`. */
  name: string
}

/** Loads the first of the libraries that is there, and asks it which one it is. */
export function loadMpi({ by, libraries, debianPackage }: Launch): MpiLibrary {
  const reasons: string[] = []
  for (const file of libraries) {
    try {
      // Its own plug-ins look for its symbols among all those of the process.
      const functions = koffi.load(file, { global: true })
      const version = versionOf(functions)
      return { functions, handles: handlesOf(functions, version), name: `${nameOf(version)} (${file})` }
    } catch (error) {
      reasons.push(`${file}: ${(error as Error).message}`)
    }
  }
  throw new AllReduceError(
    `this process was started by ${by}, and that launcher's library cannot be loaded: apt-get install ${debianPackage}, or name it in connect({ library }). ${reasons.join('; ')}`,
  )
}

/** May be called before MPI is initialised. */
function versionOf(functions: LibraryHandle): string {
  // MPI_MAX_LIBRARY_VERSION_STRING of MPICH; the others' are smaller.
  const text = Buffer.alloc(8192)
  const length = new Int32Array(1)
  functions.func('MPI_Get_library_version', 'int', ['void *', 'int *'])(text, length)
  return text.toString('utf8', 0, length[0])
}

function handlesOf(functions: LibraryHandle, version: string): Handles {
  if (hasStandardAbi(functions)) return standardAbi
  return version.includes('Open MPI') ? openMpi((symbol) => functions.symbol(symbol) as bigint) : mpich
}

function hasStandardAbi(functions: LibraryHandle): boolean {
  const [major, minor] = [new Int32Array(1), new Int32Array(1)]
  try {
    functions.func('MPI_Abi_get_version', 'int', ['int *', 'int *'])(major, minor)
  } catch {
    // Older than MPI 5.
    return false
  }
  return major[0]! >= 1
}

/** `Open MPI v4.1.4, package: …` and `MPICH Version:  4.0.2\n…` without what comes after the number. */
function nameOf(version: string): string {
  return version.split(/[,\n]/)[0]!.replace(' Version:', '').replaceAll(/\s+/g, ' ').trim()
}
