package dev.roomful.internal.state;

import dev.roomful.Amendment;
import dev.roomful.BroadcastPolicy;
import dev.roomful.CloseStatus;
import dev.roomful.History;
import dev.roomful.Payload;
import dev.roomful.RoomOptions;
import dev.roomful.Sender;
import dev.roomful.admission.Position;
import dev.roomful.admission.Role;
import dev.roomful.cluster.LogEntry;
import dev.roomful.protocol.PresenceOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The records whose bytes are stored in {@code src/test/resources/log-format}. */
final class LogFormatExamples {
  static final String EPOCH = "1700000000000-0";

  private static final Payload INFO = Payload.text("{\"avatar\":7}");
  private static final Map<String, Object> ATTRIBUTES =
      Map.of(
          "text",
          "Grüße, 世界 \uD83D\uDE00",
          "flag",
          true,
          "integer",
          -7,
          "long",
          1L << 40,
          "float",
          1.5f,
          "double",
          -0.1,
          "list",
          List.of("a", List.of(), Map.of("b", 1, "c", false)),
          "map",
          Map.of("d", List.of(2L, 3L)));

  final RoomFixture fixture =
      new RoomFixture(
          RoomOptions.defaults()
              .withKeepEmptyFor(Duration.ofHours(1))
              .withHistory(History.of(5))
              .withPolicy(BroadcastPolicy.rule((message, recipient) -> true)));

  /** One or more events of each kind that can be encoded, by the name of their file. */
  Map<String, RoomEvent> events() {
    Map<String, RoomEvent> events = new LinkedHashMap<>();
    events.put("published", new RoomEvent.Published(message()));
    events.put("published-announcement", new RoomEvent.Published(announcement()));
    events.put("published-amendment", new RoomEvent.Published(reaction("ann", 300)));
    events.put("signalled", new RoomEvent.Signalled(announcement()));
    events.put("joined", joined("ann", "connection-2", "connection-1", "ann b."));
    events.put(
        "connection-left", new RoomEvent.ConnectionLeft("ann", "connection-1", CloseStatus.LOST));
    events.put(
        "member-removed",
        new RoomEvent.MemberRemoved(
            "ann", CloseStatus.KICKED.withReason("spam"), notice("removed")));
    events.put("node-lost", new RoomEvent.NodeLost("node-1"));
    events.put(
        "member-updated",
        new RoomEvent.MemberUpdated(
            "ann", "Ann C.", "ann c.", ATTRIBUTES, notice("updated"), notice("bye, Ann C.")));
    events.put(
        "member-updated-attributes",
        new RoomEvent.MemberUpdated("ann", null, null, Map.of("away", true), null, null));
    events.put(
        "member-renamed",
        new RoomEvent.MemberUpdated("ann", "Ann D.", "ann d.", null, null, notice("bye")));
    events.put(
        "role-changed", new RoomEvent.RoleChanged("ann", Role.OWNER, true, true, notice("role")));
    events.put("topic-changed", new RoomEvent.TopicChanged("Tea", notice("topic")));
    events.put(
        "ban-imposed",
        new RoomEvent.SanctionImposed(true, "eve", 600_000, "spam", notice("banned")));
    events.put("mute-imposed", new RoomEvent.SanctionImposed(false, "bob", 60_000, "loud", null));
    events.put("ban-lifted", new RoomEvent.SanctionLifted(true, "eve"));
    events.put(
        "read-marked", new RoomEvent.ReadMarked("ann", new Position(EPOCH, 7), notice("read")));
    events.put("closed", new RoomEvent.Closed(CloseStatus.ROOM_CLOSED));
    return events;
  }

  /** A state in which every field of a snapshot occurs. */
  RoomState state() {
    RoomState state = fixture.state();
    List<RoomEvent> events =
        List.of(
            joined("cem", "connection-0", null, "cem"),
            new RoomEvent.MemberRemoved("cem", CloseStatus.NORMAL, null),
            joined("ann", "connection-1", null, "ann b."),
            joined("ann", "connection-2", "connection-1", "ann b."),
            joined("bob", "connection-3", null, null),
            joined("bob", "connection-4", null, null),
            new RoomEvent.RoleChanged("bob", Role.VISITOR, false, false, null),
            new RoomEvent.TopicChanged("Tea", null),
            new RoomEvent.SanctionImposed(true, "eve", 600_000, "spam", null),
            new RoomEvent.SanctionImposed(false, "bob", 60_000, "loud", null),
            new RoomEvent.Published(announcement()),
            new RoomEvent.Published(announcement()),
            new RoomEvent.Published(message()),
            new RoomEvent.Published(
                (RoomMessage) announcement().withIdempotencyKey("announcement-1")),
            new RoomEvent.Published(amendment(Amendment.edit(new Position(EPOCH, 3)))),
            new RoomEvent.Published(amendment(Amendment.pin(new Position(EPOCH, 3)))),
            new RoomEvent.Published(reaction("ann", 3)),
            new RoomEvent.ReadMarked("ann", new Position(EPOCH, 6), null),
            new RoomEvent.ReadMarked("bob", new Position(EPOCH, 2), null),
            new RoomEvent.NodeLost("node-2"));
    long sequence = 0;
    String epoch = RoomState.NO_EPOCH;
    for (RoomEvent event : events) {
      sequence++;
      String token = "1700000000000-" + (sequence - 1);
      LogEntry entry =
          new LogEntry(
              sequence,
              "",
              token,
              "generation-1",
              1_700_000_000_000L + sequence,
              "node-1",
              sequence,
              new byte[0]);
      Applied applied = state.apply(event, entry, epoch);
      if (applied == null || applied.isRejected()) {
        throw new AssertionError(event + " was rejected: " + applied);
      }
      epoch = state.position().epoch();
    }
    return state;
  }

  private RoomMessage message() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("language", "de");
    headers.put("reference", "12");
    return RoomMessage.decoded(
        fixture.room,
        new Sender("ann", "Ann B.", "{\"avatar\":7}", "connection-2", INFO),
        Payload.text("Grüße, 世界 \uD83D\uDE00"),
        headers,
        BroadcastPolicy.excludingSender()
            .and(BroadcastPolicy.excludingOrigin())
            .and(BroadcastPolicy.onlyIds(Set.of("ann", "bob", "cem")))
            .and(BroadcastPolicy.exceptIds(Set.of("eve", "dan")))
            .and(fixture.options.policy()),
        "message-1",
        null,
        MessageRevision.NONE,
        null,
        1_699_999_999_999L);
  }

  private RoomMessage announcement() {
    return RoomMessage.decoded(
        fixture.room,
        null,
        Payload.bytes(new byte[] {0, 1, -1}),
        Map.of(),
        BroadcastPolicy.everyone(),
        null,
        null,
        MessageRevision.NONE,
        null,
        1_699_999_999_998L);
  }

  private RoomMessage amendment(Amendment amendment) {
    return (RoomMessage) announcement().withAmendment(amendment);
  }

  private RoomMessage reaction(String id, long offset) {
    return (RoomMessage)
        RoomMessage.from(fixture.room, Sender.of(id, id), Payload.text(""), 1_699_999_999_997L)
            .withAmendment(Amendment.react(new Position(EPOCH, offset), "\uD83D\uDC4D"));
  }

  private static RoomEvent.Joined joined(
      String id, String connectionId, String replacedConnectionId, String nameKey) {
    return new RoomEvent.Joined(
        RoomFixture.participant(id, "Name of " + id, ATTRIBUTES),
        id,
        "Name of " + id,
        nameKey,
        ATTRIBUTES,
        Role.MODERATOR,
        true,
        replacedConnectionId != null,
        connectionId,
        replacedConnectionId,
        new PresenceOptions(true, true, true, Optional.of(INFO)),
        notice("hello"),
        notice("bye"));
  }

  private static Notice notice(String text) {
    return Notice.decoded(Payload.text(text));
  }
}
