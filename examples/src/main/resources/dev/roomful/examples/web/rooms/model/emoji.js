// @ts-check

/** The names of emoji, as other chats have them. */
const EMOJI = new Map(
  `+1 👍 -1 👎 100 💯 angry 😠 beers 🍻 blush 😊 bug 🐛 bulb 💡 cake 🍰 calendar 📅 clap 👏 coffee ☕
  confused 😕 cry 😢 dog 🐶 cat 🐱 cold_sweat 😰 eyes 👀 facepalm 🤦 fire 🔥 fingers_crossed 🤞 grin 😁
  grinning 😀 heart ❤️ heart_eyes 😍 hourglass ⏳ hugs 🤗 innocent 😇 joy 😂 kiss 😘 laughing 😆 lock 🔒
  mag 🔍 memo 📝 muscle 💪 neutral_face 😐 ok_hand 👌 open_mouth 😮 package 📦 party 🥳 pizza 🍕 pray 🙏
  point_up ☝️ question ❓ raised_hands 🙌 relieved 😌 rocket 🚀 rofl 🤣 rolling_eyes 🙄 scream 😱 shrug 🤷
  skull 💀 sleeping 😴 slightly_smiling_face 🙂 smile 😄 smiley 😃 smirk 😏 sob 😭 sparkles ✨ star ⭐
  stuck_out_tongue 😛 sunglasses 😎 sunny ☀️ sweat_smile 😅 tada 🎉 thinking 🤔 thumbsup 👍 thumbsdown 👎
  upside_down_face 🙃 v ✌️ warning ⚠️ wave 👋 white_check_mark ✅ wink 😉 x ❌ yum 😋 zap ⚡`
    .trim()
    .split(/\s*\n\s*/)
    .flatMap((line) => [...line.matchAll(/(\S+) (\S+)/g)].map(([, name, emoji]) => [name, emoji])),
);

/** Code and links, in which nothing is replaced; and names between colons. */
const NAMES = /```[^]*?```|`[^`\n]+`|https?:\/\/\S+|(?<![\p{L}\p{N}]):([a-z0-9_+-]+):/gu;

/**
 * Replaces the names of emoji: ":tada:" becomes "🎉". Names that are not known remain.
 *
 * @param {string} text
 */
export function replaceEmojiNames(text) {
  return text.replace(NAMES, (match, name) => EMOJI.get(name) ?? match);
}
