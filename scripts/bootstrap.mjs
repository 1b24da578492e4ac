// Makes a fresh clone ready to run. Plain JavaScript for Node 20: all that comes after it is
// TypeScript and runs on Node 26, which this file provides where the machine does not.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import module from 'node:module'
import { basename, delimiter, dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const NODE_MODULES = join(ROOT, 'node_modules')
const NODE_MAJOR = 26
const WINDOWS = process.platform === 'win32'

/** A failure that a person can mend; its message is one line that says how. */
export class SetupError extends Error {}

/**
 * Installs what is missing: the dependencies as package-lock.json has them, and Node 26 beside
 * them if this process runs on an older one. Does nothing, quickly, when nothing is missing.
 * `development` also demands what only tests and checks need. Returns the path of a Node ≥ 26.
 * Throws SetupError.
 */
export function bootstrap({ development = false } = {}) {
  const stale = whyStale(development)
  if (stale) {
    say(`installing the dependencies (${stale})`)
    npm(['ci'])
  }
  if (majorOf(process.version) >= NODE_MAJOR && existsSync(process.execPath)) {
    return process.execPath
  }
  const local = localNode()
  if (isNode26(local)) return local
  say(`installing Node ${NODE_MAJOR} beside them`)
  npm(['install', '--no-save', `node@${NODE_MAJOR}`])
  if (isNode26(local)) return local
  throw new SetupError(
    `npm could not install Node ${NODE_MAJOR} for ${process.platform}-${process.arch}; ` +
      'install it from https://nodejs.org and run this again.',
  )
}

/** `bootstrap` for a program: a failure is one line on standard error and exit code 1. */
export function prepare(options) {
  try {
    return bootstrap(options)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    process.stderr.write(`tradepost: ${error.message}\n`)
    process.exit(1)
  }
}

/** Goes on as `node args…`: this very process where the system can do that, else a child. */
export function handOver(node, args) {
  if (!WINDOWS && process.execve) process.execve(node, [node, ...args], process.env)
  endWithParent()
  const child = spawn(node, args, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // The terminal sends Ctrl-C to the child itself; twice would mean «at once».
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY) || child.kill(signal))
  }
  child.on('error', (error) => {
    process.stderr.write(`tradepost: ${node} does not start: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

/**
 * Ends this process as SIGTERM does when the one that started it is gone. npm passes a signal on
 * to its shell only, and the shell dies of it without a word to its child.
 */
export function endWithParent() {
  if (WINDOWS || !process.env.npm_lifecycle_event) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 250).unref()
}

/**
 * Remembers the compiled sources of this version in `folder`: every start but the first is three
 * times as fast. What other versions of Tradepost or of Node left there is cleared away.
 */
export function rememberCompiled(folder = join(NODE_MODULES, '.cache', 'tradepost')) {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  module.enableCompileCache(join(folder, version))
  const inUse = module.getCompileCacheDir()
  // Switched off, or somebody chose another place (NODE_COMPILE_CACHE): nothing there is ours.
  if (inUse === undefined || dirname(inUse) !== join(folder, version)) return
  clearBut(folder, version)
  clearBut(join(folder, version), basename(inUse))
}

function clearBut(folder, kept) {
  try {
    for (const name of readdirSync(folder)) {
      if (name !== kept) rmSync(join(folder, name), { recursive: true, force: true })
    }
  } catch {
    // A folder that cannot be cleared is only larger than it need be: no reason not to start.
  }
}

/** Why node_modules is not what package-lock.json says; undefined when it is. */
function whyStale(development) {
  const installed = readLock(join(NODE_MODULES, '.package-lock.json'))
  if (!installed) return 'none are there yet'
  const wanted = readLock(join(ROOT, 'package-lock.json'))
  if (!wanted) throw new SetupError('package-lock.json is missing or broken; restore it from git.')
  for (const [path, { version, dev, optional }] of Object.entries(wanted)) {
    if (path === '' || (dev && !development)) continue
    const there = installed[path]
    if (there ? there.version !== version : !optional) {
      return `package-lock.json wants ${path.replace(/^.*node_modules\//, '')} ${version}`
    }
  }
  return undefined
}

function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}

const localNode = () => join(NODE_MODULES, 'node', 'bin', WINDOWS ? 'node.exe' : 'node')

/** Asks the package, not the program: starting Node only to hear its version costs 40 ms. */
function isNode26(file) {
  if (!existsSync(file)) return false
  const { version } = JSON.parse(readFileSync(join(NODE_MODULES, 'node', 'package.json'), 'utf8'))
  return majorOf(version) >= NODE_MAJOR
}

const majorOf = (version) => Number.parseInt(version.replace(/^v/, ''), 10)

/** Runs npm under a Node that the installation does not delete. */
function npm(args) {
  const [program, ...first] = findNpm()
  // The level of its own: under `npm start --silent` it would keep its reason to itself.
  const told = [...first, ...args, '--no-audit', '--no-fund', '--loglevel=error']
  const { status, error, stdout, stderr } = spawnSync(program, told, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, PATH: outsidePath().join(delimiter) },
    shell: program.endsWith('.cmd'),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (status === 0) return
  throw new SetupError(whyNpmFailed(args, error ? String(error.message) : `${stdout}\n${stderr}`))
}

function findNpm() {
  const script = process.env.npm_execpath
  if (!script || !/npm-cli\.[cm]?js$/.test(script)) return [WINDOWS ? 'npm.cmd' : 'npm']
  const inside = process.execPath.startsWith(NODE_MODULES + sep)
  return [inside ? 'node' : process.execPath, script]
}

/** PATH without the programs of node_modules, which are about to be replaced. */
const outsidePath = () =>
  (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))

function whyNpmFailed(args, output) {
  const command = `npm ${args[0]}`
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH/.test(output)) {
    return `${command} could not reach the package registry; connect to the network and try again.`
  }
  if (/EACCES|EROFS|EPERM/.test(output)) {
    return `${command} may not write to node_modules; make this folder writable and try again.`
  }
  if (/ENOSPC/.test(output)) return `${command} found no space left on the disk.`
  if (/spawn.*ENOENT/.test(output)) return 'npm is not on the PATH; it comes with Node.'
  const said = /npm error (?!code)(.+)/.exec(output)?.[1] ?? output.trim().split('\n').at(-1)
  return `${command} failed: ${said}`
}

const say = (line) => process.stderr.write(`tradepost: ${line} …\n`)
