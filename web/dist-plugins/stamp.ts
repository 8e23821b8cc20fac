import { execFileSync } from 'node:child_process'

/** Which state of the sources a build is of: the commit, marked if something was changed since. */
export function stamp(root: string): string {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
    const commit = git('rev-parse', '--short=12', 'HEAD')
    const changed = git('status', '--porcelain', '--untracked-files=no')
    return changed ? `${commit}+` : commit
  } catch {
    return 'unversioned' // an archive of the sources has no history
  }
}
