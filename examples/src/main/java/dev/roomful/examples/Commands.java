package dev.roomful.examples;

import dev.roomful.Authority;
import dev.roomful.Message;
import dev.roomful.Page;
import dev.roomful.Participant;
import dev.roomful.Refusal;
import dev.roomful.Role;
import dev.roomful.Room;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** What begins with a slash in one of the {@link PlainRooms}; the answers begin with a star. */
final class Commands {
  private static final String HELP =
      """
      * /who                       who is here
      * /name NEW                  call yourself something else
      * /join ROOM, /leave ROOM    hear another room too, or no more
      * /typing                    tell that you are typing
      * /history [N]               the last N lines, 20 without a number
      * /topic TEXT                what the room is about; as its owner, like all that follows
      * /kick NAME REASON          throw somebody out
      * /ban NAME SECONDS REASON   throw somebody out, and keep it out for a while
      * /mute NAME SECONDS REASON  let somebody say nothing for a while
      * /unmute NAME               let somebody speak again
      """;

  private final Room room;
  private final Message message;
  private final Participant sender;
  private final Authority authority;

  private Commands(Room room, Message message) {
    this.room = room;
    this.message = message;
    this.sender = message.sender();
    this.authority = room.by(sender);
  }

  static void obey(Room room, Message message) {
    String[] words = message.text().strip().split("\\s+", 2);
    try {
      new Commands(room, message).obey(words[0], words.length == 2 ? words[1] : "");
    } catch (IllegalArgumentException misuse) {
      message.reply("* " + misuse.getMessage()); // it says what is wrong, for whoever typed it
    }
  }

  private void obey(String command, String rest) {
    switch (command) {
      case "/help" -> message.reply(HELP.strip());
      case "/who" -> message.reply("* here: " + here());
      case "/name" -> answer(rename(rest));
      case "/join" -> answer(sender.join(required(PlainRooms.isRoom(rest), rest), Page.last(20)));
      case "/leave" ->
          message.reply(sender.leave(rest) ? "* you left " + rest : "* you are not there: " + rest);
      case "/typing" -> room.signal(message.with("* " + sender.name() + " is typing"));
      case "/history" -> history(rest.isEmpty() ? 20 : number(rest));
      case "/topic" -> answer(authority.topic(rest));
      case "/kick" -> answer(onSomebody(rest, authority::kick));
      case "/ban" -> answer(onSomebody(rest, forAWhile(authority::ban)));
      case "/mute" -> answer(onSomebody(rest, forAWhile(authority::mute)));
      case "/unmute" -> answer(onSomebody(rest, (id, nothing) -> authority.unmute(id)));
      default -> message.reply("* there is no " + command + ": /help tells what there is");
    }
  }

  private void answer(Optional<Refusal> refusal) {
    message.reply("* " + refusal.map(Refusal::reason).orElse("done"));
  }

  private String here() {
    return room.participants().stream()
        .map(who -> who.name() + (isOwner(who) ? " (owner)" : ""))
        .collect(Collectors.joining(", "));
  }

  private boolean isOwner(Participant who) {
    return room.role(who.id()).equals(Optional.of(Role.OWNER));
  }

  private Optional<Refusal> rename(String name) {
    required(PlainRooms.isName(name), name);
    sender.attributes().put(Told.FORMERLY, sender.name());
    return sender.rename(name);
  }

  /** The latest lines once more; behind a star, since they are not new to the client's position. */
  private void history(int lines) {
    List<Message> kept = room.history(Page.last(lines), sender).orElseThrow();
    kept.forEach(one -> message.reply("* " + one.text()));
    message.reply("* that was all");
  }

  /** Acts on whom the words begin with, by id; names may have spaces, so the longest one counts. */
  private Optional<Refusal> onSomebody(
      String words, BiFunction<String, String, Optional<Refusal>> act) {
    return room.participants().stream()
        .filter(who -> (words + " ").startsWith(who.name() + " "))
        .max(Comparator.comparing(who -> who.name().length()))
        .map(who -> act.apply(who.id(), words.substring(who.name().length()).strip()))
        .orElseGet(() -> Optional.of(Refusal.of(404, "nobody here has that name: /who tells all")));
  }

  private interface Sanction {
    Optional<Refusal> impose(String id, Duration time, String reason);
  }

  private static BiFunction<String, String, Optional<Refusal>> forAWhile(Sanction sanction) {
    return (id, words) -> {
      String[] parts = words.split("\\s+", 2);
      Duration time = Duration.ofSeconds(number(parts[0]));
      return sanction.impose(id, time, parts.length == 2 ? parts[1] : "no reason given");
    };
  }

  private static int number(String word) {
    return Integer.parseInt(required(word.matches("[1-9][0-9]{0,8}"), word));
  }

  private static String required(boolean right, String word) {
    if (!right) {
      throw new IllegalArgumentException("that cannot be: \"" + word + "\"; see /help");
    }
    return word;
  }
}
