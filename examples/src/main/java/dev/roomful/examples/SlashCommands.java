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

/** The commands of clients of {@link PlainRooms}. Each reply begins with a star. */
final class SlashCommands {
  private static final String HELP =
      """
      * /who                       list the participants
      * /name NEW                  change your name
      * /join ROOM, /leave ROOM    join another room, or leave a room
      * /typing                    show that you are typing
      * /history [N]               show the last N messages (default: 20)
      * /topic TEXT                set the topic; this and the following are for the owner
      * /kick NAME REASON          remove a participant
      * /ban NAME SECONDS REASON   remove a participant and reject its return
      * /mute NAME SECONDS REASON  reject a participant's messages
      * /unmute NAME               accept a participant's messages again
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
      message.reply("* " + misuse.getMessage()); // a message for the sender
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
                  : "* you are not in " + arguments);
      case "/typing" -> room.signal(message.withPayload("* " + sender.name() + " is typing"));
      case "/history" -> replyHistory(arguments.isEmpty() ? 20 : parseNumber(arguments));
      case "/topic" -> replyOutcome(moderation.setTopic(arguments));
      case "/kick" -> replyOutcome(onParticipantNamed(arguments, moderation::kick));
      case "/ban" -> replyOutcome(onParticipantNamed(arguments, timed(moderation::ban)));
      case "/mute" -> replyOutcome(onParticipantNamed(arguments, timed(moderation::mute)));
      case "/unmute" ->
          replyOutcome(onParticipantNamed(arguments, (id, ignored) -> moderation.unmute(id)));
      default -> message.reply("* unknown command " + command + ": /help lists all commands");
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

  /** The star tells the client that these lines do not advance its position. */
  private void replyHistory(int lines) {
    List<Message> messages = room.history(HistoryRange.last(lines), sender).orElseThrow();
    messages.forEach(stored -> message.reply("* " + stored.text()));
    message.reply("* end of history");
  }

  /**
   * Finds the participant whose name the arguments begin with. Names may have spaces: the longest
   * counts.
   */
  private Outcome onParticipantNamed(String arguments, BiFunction<String, String, Outcome> action) {
    return room.participants().stream()
        .filter(participant -> (arguments + " ").startsWith(participant.name() + " "))
        .max(Comparator.comparing(participant -> participant.name().length()))
        .map(
            participant ->
                action.apply(
                    participant.id(), arguments.substring(participant.name().length()).strip()))
        .orElseGet(
            () ->
                Outcome.rejected(
                    Rejection.of(404, "no participant here has that name: /who lists them")));
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
      throw new IllegalArgumentException("invalid value \"" + text + "\": see /help");
    }
    return text;
  }
}
