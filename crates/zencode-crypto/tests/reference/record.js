// Records what the reference engine answers, as the .tsv files beside this one. The engine must be installed where
// node finds it:   npm install zenroom@5.38.1 && node record.js
// Inputs come from a fixed generator, so a second run writes the same files.
const { zenroom_exec, zencode_exec } = require('zenroom');
const { writeFileSync } = require('fs');
const { createHash } = require('crypto');

let counter = 0;
const pool = [];
function byte() {
  if (!pool.length) pool.push(...createHash('sha256').update(`zencode-crypto ${counter++}`).digest());
  return pool.pop();
}
const below = n => ((byte() << 16) | (byte() << 8) | byte()) % n;
const pick = list => list[below(list.length)];
const bytes = n => Buffer.from(Array.from({ length: n }, byte)).toString('hex');

const zero = '0'.repeat(128);
const seeds = [zero, 'f'.repeat(128), ...Array.from({ length: 14 }, () => bytes(64))];
const conf = seed => ({ conf: `debug=1,rngseed=hex:${seed}` });
const lua = async (script, seed = zero) => (await zenroom_exec(script, conf(seed))).result.trim();
const write = (name, lines) => {
  writeFileSync(`${__dirname}/${name}.tsv`, lines.join('\n') + '\n');
  console.log(name, lines.length);
};

const PRELUDE = `
local ECDH = require'zenroom_ecdh'
local ED = require'ed'
local H = O.from_hex
local rows = {}
local function row(...) rows[#rows + 1] = table.concat({...}, '\\t') end
local function hex(o) return o:hex() or '' end
-- An octet of negative length is the engine's way to say that it failed.
local function try(f, ...)
  local ok, r = pcall(f, ...)
  if not ok or r == nil or type(r) == 'zenroom.octet' and #r < 0 then return 'error' end
  if type(r) == 'zenroom.octet' then return hex(r) end
  return tostring(r)
end
-- The engine misplaces leading zeros of some lengths: its answer counts only if it encodes to the same text.
local function from_base58(s)
  local o = O.from_base58(s)
  if #o < 3 and s:sub(1, 1) ~= '1' or #o >= 3 and O.to_base58(o) == s then return o end
  return 'wrong'
end
`;
const finish = `\nprint(table.concat(rows, '\\n'))\n`;
const run = async (body, seed) => (await lua(PRELUDE + body + finish, seed)).split('\n');

async function draws() {
  const body = `
    row(hex(OCTET.random(1)), hex(OCTET.random(33)), hex(OCTET.random(200)))
    row(random_int16(), random_int16(), random_int32(), random_int32())
    local key = ECDH.keygen()
    row(hex(key.private), hex(key.public))
    local s = ECDH.sign(key.private, O.from_string'a message')
    row(hex(s.r), hex(s.s))
    s = ECDH.sign_deterministic(key.private, O.from_string'a message', 64)
    row(hex(s.r), hex(s.s))
    row(hex(BIG.random():octet()), hex(BIG.modrand(BIG.new(H'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141')):octet()),
      hex(BIG.modrand(BIG.new(H'0100')):octet()), hex(BIG.modrand(BIG.new(H'010001')):octet()))
    local sk = ED.secgen()
    row(hex(sk), hex(ED.pubgen(sk)), hex(ED.sign(sk, O.from_string'a message')))
    random_seed(O.from_string'another seed')
    row(hex(OCTET.random(40)))`;
  const lines = [];
  for (const seed of seeds) lines.push([seed, ...(await run(body, seed))].join('\t'));
  write('draws', lines);
}

async function collections() {
  const list = Array.from({ length: 40 }, (_, i) => String(i));
  const lines = [];
  for (const seed of seeds) {
    const answers = [];
    for (const [when, name] of [
      ["randomize the 'list' array", 'list'],
      ["create the random array with '7' elements from 'list'", 'random_array'],
      ["create the random pick from 'list'", 'random_pick'],
      ["create the random array with '9' numbers modulo '10'", 'random_array'],
      ["create the random array with '9' numbers modulo '40000'", 'random_array'],
    ]) {
      const script = `Given I have a 'string array' named 'list'\nWhen I ${when}\nThen print '${name}'\n`;
      const { result } = await zencode_exec(script, { data: JSON.stringify({ list }), ...conf(seed) });
      answers.push([JSON.parse(result)[name]].flat().join(' '));
    }
    lines.push([seed, ...answers].join('\t'));
  }
  write('collections', lines);
}

const ALPHABETS = {
  hex: ['0123456789abcdefABCDEF', 'xXg -_\n'],
  base64: ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', '=-_ .'],
  url64: ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', '=+/ .\n'],
  base58: ['123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz', '0OIl -_\n'],
  base32: ['ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', '=abz189 -\n'],
  bin: ['01', ' \t\n\r2_x'],
  crockford: ['0123456789ABCDEFGHJKMNPQRSTVWXYZ', 'abzoilOIL-U*~$ !\n'],
  crockford_check: ['0123456789ABCDEFGHJKMNPQRSTVWXYZ', 'abzoilOIL-U*~$ !\n'],
  uuid: ['0123456789abcdefABCDEF', '-ghurn:id'],
  mnemonic: ['abcdefghijklmnopqrstuvwxyz', ' AZ\t'],
};
const DECODERS = {
  hex: ['O.is_hex', 'O.from_hex'],
  base64: ['O.is_base64', 'O.from_base64'],
  url64: ['O.is_url64', 'O.from_url64'],
  base58: ['O.is_base58', 'from_base58'],
  base32: ['O.is_base32', 'O.from_base32'],
  bin: ['O.is_bin', 'O.from_bin'],
  crockford: ['nil', 'function(s) return O.from_base32_crockford(s, false) end'],
  crockford_check: ['nil', 'function(s) return O.from_base32_crockford(s, true) end'],
  uuid: ['nil', 'O.from_uuid'],
  mnemonic: ['nil', 'O.from_mnemonic'],
};
const ENCODERS = {
  hex: 'O.to_hex', base64: 'O.to_base64', url64: 'O.to_url64', base58: 'O.to_base58', base32: 'O.to_base32', bin: 'O.to_bin',
  crockford: 'function(o) return O.to_base32_crockford(o, false, 0) end',
  crockford_check: 'function(o) return O.to_base32_crockford(o, true, 0) end',
  uuid: 'O.to_uuid', mnemonic: 'O.to_mnemonic',
};
const quote = text => `"${Buffer.from(text).reduce((all, b) => all + '\\' + String(b).padStart(3, '0'), '')}"`;

async function encodings() {
  const octets = [];
  for (let length = 1; length <= 34; length++) octets.push(bytes(length));
  for (const length of [1, 2, 3, 5, 16, 32]) octets.push('00'.repeat(length), '00' + bytes(length - 1), 'ff'.repeat(length));
  const encoded = {};
  const lines = [];
  for (const [name, encoder] of Object.entries(ENCODERS)) {
    const answers = await run(`local f = ${encoder}\n` + octets.map(o => `row('${o}', try(f, H'${o}'))`).join('\n'));
    encoded[name] = answers.map(line => line.split('\t')[1]).filter(text => text !== 'error');
    lines.push(...answers.map(line => `${name}\t${line}`));
  }
  write('encode', lines);
  await decodings(encoded);
}

async function decodings(encoded) {
  const lines = [];
  for (const [name, [check, decoder]] of Object.entries(DECODERS)) {
    const [good, bad] = ALPHABETS[name];
    const texts = new Set(['0x', '0xa', '0xabc', 'a', '0', '=', '==', '1', '11']);
    for (const text of encoded[name].slice(-36)) {
      texts.add(text);
      texts.add(text.toLowerCase());
      const at = below(text.length);
      texts.add(text.slice(0, at) + pick([...good, ...bad, ...bad]) + text.slice(at + 1));
      texts.add(text.slice(0, at) + pick([...good, ...bad, ...bad]) + text.slice(at));
      texts.add(text.slice(0, at) + text.slice(at + 1));
      texts.add(text.slice(0, at));
      if (name === 'uuid') texts.add('urn:uuid:' + text);
      if (name === 'hex') texts.add('0x' + text.slice(at));
    }
    for (let i = 0; i < 40; i++) texts.add(Array.from({ length: 1 + below(20) }, () => pick([...good, ...good, ...(below(4) ? [] : bad)])).join(''));
    texts.delete('');
    // The engine has no value for this sign, which is a check symbol: it answers with memory it never wrote.
    if (name.startsWith('crockford')) for (const text of texts) if (/=/.test(name === 'crockford' ? text : text.slice(0, -1))) texts.delete(text);
    // The engine writes 15 and 21 words and cannot read them; this crate can.
    if (name === 'mnemonic') for (const text of texts) if ([15, 21].includes(text.split(' ').length)) texts.delete(text);
    const body = `local is, f = ${check}, ${decoder}\n` +
      [...texts].map(t => `row('${Buffer.from(t).toString('hex')}', is and try(is, ${quote(t)}) or '-', try(f, ${quote(t)}))`).join('\n');
    lines.push(...(await run(body)).filter(line => !line.endsWith('\twrong')).map(line => `${name}\t${line}`));
  }
  write('decode', lines);
}

async function hashes() {
  const messages = ['', 'a', 'abc'].map(t => Buffer.from(t).toString('hex')).concat(Array.from({ length: 12 }, (_, i) => bytes(1 + i * 13)));
  const names = ['sha256', 'sha512', 'sha3_256', 'sha3_512', 'keccak256'];
  const body = messages.filter(m => m).flatMap(m => [
    ...names.map(n => `row('digest', '${n}', '${m}', try(function() return HASH.new('${n}'):process(H'${m}') end))`),
    ...names.map(n => `row('kdf', '${n}', '${m}', try(function() return HASH.new('${n}'):kdf(H'${m}') end))`),
    ...['sha256', 'sha512'].map(n => `row('hmac', '${n}', '${m}', try(function() return HASH.new('${n}'):hmac(O.from_string'a key', H'${m}') end))`),
    ...names.map(n => `row('pbkdf2', '${n}', '${m}', try(function() return HASH.new('${n}'):pbkdf2(H'${m}', {salt = O.from_string'salt', iterations = 3, length = 32}) end))`),
  ]);
  write('hash', await run(body.join('\n')));
}

// Points of small order, in every way of writing them that ed25519-donna reads, and two more.
const ODD_KEYS = [
  '01' + '00'.repeat(31), '01' + '00'.repeat(30) + '80', '00'.repeat(32), '00'.repeat(31) + '80',
  'ec' + 'ff'.repeat(30) + '7f', 'ee' + 'ff'.repeat(30) + '7f', 'ed' + 'ff'.repeat(30) + '7f', 'ee' + 'ff'.repeat(31), 'ec' + 'ff'.repeat(31),
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  '02' + '00'.repeat(31), 'f0' + 'ff'.repeat(30) + '7f',
];

async function eddsa() {
  const body = [`
    local function rev(o) local h, r = hex(o), '' for i = #h - 1, 1, -2 do r = r .. h:sub(i, i + 1) end return H(r) end
    local L = BIG.new(H'1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed')
    local function verify(pk, m, sig) row(pk, m, sig, try(ED.verify, H(pk), H(sig), H(m))) end
    local function all(sk, m)
      local pk, sig = ED.pubgen(sk), hex(ED.sign(sk, H(m)))
      verify(hex(pk), m, sig)
      verify(hex(pk), m .. '00', sig)
      local s = BIG.new(rev(H(sig:sub(65))))
      for i = 1, 8 do
        s = s + L
        local h = hex(s:octet())
        if #h <= 64 then verify(hex(pk), m, sig:sub(1, 64) .. hex(rev(H(string.rep('0', 64 - #h) .. h)))) end
      end
      local mutated = H(sig:sub(1, 126) .. string.format('%02x', tonumber(sig:sub(127), 16) ~ 0x20))
      verify(hex(pk), m, hex(mutated))
    end`];
  for (let i = 0; i < 6; i++) body.push(`all(H'${bytes(32)}', '${bytes(1 + i * 40)}')`);
  for (const key of ODD_KEYS) for (const commitment of ODD_KEYS.slice(0, 5)) for (const message of ['61', '62', '63'])
    body.push(`verify('${key}', '${message}', '${commitment}${'00'.repeat(32)}')`);
  write('eddsa', await run(body.join('\n')));
}

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const number = n => n.toString(16).padStart(64, '0');

async function ecdh() {
  const inputs = [];
  for (let i = 0; i < 6; i++) inputs.push([bytes(32), bytes(1 + i * 40)]);
  for (const length of [1, 2, 31, 32]) inputs.push([bytes(length), '616263']);
  const signed = await run(inputs.map(([sk, m]) => `
    local pk, sig = ECDH.pubgen(H'${sk}'), ECDH.sign(H'${sk}', H'${m}')
    row(hex(pk), hex(ECDH.compress_public_key(pk)), '${m}', hex(sig.r), hex(sig.s))`).join('\n'));
  const cases = signed.map(line => line.split('\t')).flatMap(([pk, short, m, r, s]) => [
    [pk, m, r, s],
    [short, m, r, s],
    [pk, m, '00' + r, '0000' + s],
    [pk, m, r, number(ORDER - BigInt('0x' + s))],
    [pk, m + '00', r, s],
    [pk, m, s, r],
    [pk, m, r, number(ORDER)],
    [pk, m, r, 'ff'.repeat(32)],
    [pk, m, '00'.repeat(32), s],
    [pk, m, r, '00'],
    [pk, m, 'ff'.repeat(32), s],
    ['06' + pk.slice(2), m, r, s],
    ['07' + pk.slice(2), m, r, s],
    ['04' + '00'.repeat(64), m, r, s],
    ['00', m, r, s],
    [pk.slice(0, 128) + '00', m, r, s],
    [(short[1] === '2' ? '03' : '02') + short.slice(2), m, r, s],
    ['02' + 'ff'.repeat(32), m, r, s],
    ['02' + '00'.repeat(31) + '05', m, r, s],
  ]);
  write('ecdh_verify', await run(cases.map(([pk, m, r, s]) =>
    `row('${pk}', '${m}', '${r}', '${s}', try(ECDH.verify, H'${pk}', H'${m}', {r = H'${r}', s = H'${s}'}))`).join('\n')));

  // A session with a shorter key reads past its end in the engine, so it is not recorded.
  const keys = [bytes(1), bytes(2), bytes(16), bytes(31), bytes(32), '00' + bytes(31), 'ff'.repeat(32), ...Array.from({ length: 8 }, () => bytes(32))];
  const other = bytes(32);
  const more = keys.flatMap((sk, i) => [`
    local sig = ECDH.sign_deterministic(H'${sk}', H'${keys[(i + 3) % keys.length]}', 64)
    row('${sk}', hex(ECDH.pubgen(H'${sk}')), hex(ECDH.compress_public_key(ECDH.pubgen(H'${sk}'))), '${keys[(i + 3) % keys.length]}', hex(sig.r), hex(sig.s),
      hex(ECDH.pubgen(H'${other}')), ${sk.length < 64 ? "'-'" : `hex(ECDH.session(H'${sk}', ECDH.pubgen(H'${other}')))`})`]);
  write('ecdh', await run(more.join('\n')));
}

async function secret_messages() {
  const body = [];
  for (let i = 0; i < 24; i++) for (const length of [12, 16, 32]) {
    const [key, text, iv, header] = [bytes(32), bytes(1 + i * 3), bytes(length), bytes(1 + i)];
    body.push(`do local text, tag = ECDH.aead_encrypt(H'${key}', H'${text}', H'${iv}', H'${header}')
      row('${key}', '${iv}', '${header}', '${text}', hex(text), hex(tag)) end`);
  }
  write('aes', await run(body.join('\n')));
}

(async () => {
  for (const record of [draws, collections, encodings, hashes, eddsa, ecdh, secret_messages]) await record();
})().catch(error => { console.error(error.logs || error); process.exit(1); });
