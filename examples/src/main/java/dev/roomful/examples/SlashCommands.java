package dev.roomful.examples;

import dev.roomful.Message;
import dev.roomful.Moderation;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** What begins with a slash in one of the {@link PlainRooms}; the answers begin with a star. */
final class SlashCommands {
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
  private final Moderation moderation;

  private SlashCommands(Room room, Message message) {
    this.room = room;
    this.message = message;
    this.sender = message.participant();
    this.moderation = room.moderation(sender);
  }

  static void execute(Room room, Message message) {
    String[] parts = message.text().strip().split("\\s+", 2);
    try {
      new SlashCommands(room, message).execute(parts[0], parts.length == 2 ? parts[1] : "");
    } catch (IllegalArgumentException misuse) {
      message.reply("* " + misuse.getMessage()); // it says what is wrong, for whoever typed it
    }
  }

  private void execute(String command, String arguments) {
    switch (command) {
      case "/help" -> message.reply(HELP.strip());
      case "/who" -> message.reply("* here: " + participantNames());
      case "/name" -> replyOutcome(rename(arguments));
      case "/join" ->
          replyOutcome(
              sender.join(
                  require(PlainRooms.isValidRoomName(arguments), arguments),
                  HistoryRange.last(20)));
      case "/leave" ->
          message.reply(
              sender.leave(arguments).isDone()
                  ? "* you left " + arguments
                  : "* you are not there: " + arguments);
      case "/typing" -> room.signal(message.withPayload("* " + sender.name() + " is typing"));
      case "/history" -> replyHistory(arguments.isEmpty() ? 20 : parseNumber(arguments));
      case "/topic" -> replyOutcome(moderation.setTopic(arguments));
      case "/kick" -> replyOutcome(onParticipantNamed(arguments, moderation::kick));
      case "/ban" -> replyOutcome(onParticipantNamed(arguments, timed(moderation::ban)));
      case "/mute" -> replyOutcome(onParticipantNamed(arguments, timed(moderation::mute)));
      case "/unmute" ->
          replyOutcome(onParticipantNamed(arguments, (id, ignored) -> moderation.unmute(id)));
      default -> message.reply("* there is no " + command + ": /help tells what there is");
    }
  }

  private void replyOutcome(Outcome outcome) {
    message.reply("* " + outcome.rejection().map(Rejection::reason).orElse("done"));
  }

  private String participantNames() {
    return room.participants().stream()
        .map(participant -> participant.name() + (isOwner(participant) ? " (owner)" : ""))
        .collect(Collectors.joining(", "));
  }

  private boolean isOwner(Participant participant) {
    return room.role(participant.id()).equals(Optional.of(Role.OWNER));
  }

  private Outcome rename(String name) {
    require(PlainRooms.isValidDisplayName(name), name);
    String previousName = sender.name();
    Outcome outcome = sender.rename(name);
    if (outcome.isDone()) {
      Payload notice = Payload.text("* " + previousName + " is now " + sender.name());
      sender.rooms().forEach(other -> other.signal(notice));
    }
    return outcome;
  }

  /** The latest lines once more; behind a star, since they are not new to the client's position. */
  private void replyHistory(int lines) {
    List<Message> messages = room.history(HistoryRange.last(lines), sender).orElseThrow();
    messages.forEach(stored -> message.reply("* " + stored.text()));
    message.reply("* that was all");
  }

  /** Acts on whom the words begin with, by id; names may have spaces, so the longest one counts. */
  private Outcome onParticipantNamed(String arguments, BiFunction<String, String, Outcome> action) {
    return room.participants().stream()
        .filter(participant -> (arguments + " ").startsWith(participant.name() + " "))
        .max(Comparator.comparing(participant -> participant.name().length()))
        .map(
            participant ->
                action.apply(
                    participant.id(), arguments.substring(participant.name().length()).strip()))
        .orElseGet(
            () -> Outcome.rejected(Rejection.of(404, "nobody here has that name: /who lists all")));
  }

  private interface TimedAction {
    Outcome apply(String id, Duration duration, String reason);
  }

  private static BiFunction<String, String, Outcome> timed(TimedAction action) {
    return (id, arguments) -> {
      String[] parts = arguments.split("\\s+", 2);
      Duration duration = CallArguments.requireDuration(parseNumber(parts[0]));
      String reason = parts.length == 2 ? parts[1] : "no reason given";
      return action.apply(id, duration, CallArguments.requireReason(reason));
    };
  }

  private static int parseNumber(String text) {
    return Integer.parseInt(require(text.matches("[1-9][0-9]{0,8}"), text));
  }

  private static String require(boolean valid, String text) {
    if (!valid) {
      throw new IllegalArgumentException("that cannot be: \"" + text + "\"; see /help");
    }
    return text;
  }
}
