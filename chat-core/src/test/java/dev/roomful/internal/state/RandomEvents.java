package dev.roomful.internal.state;

import dev.roomful.Amendment;
import dev.roomful.BroadcastPolicy;
import dev.roomful.CloseStatus;
import dev.roomful.Payload;
import dev.roomful.Sender;
import dev.roomful.admission.Position;
import dev.roomful.admission.Role;
import dev.roomful.protocol.PresenceOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Random events of a room in which little is different, so that many of them meet. */
final class RandomEvents {
  private static final List<String> TEXTS =
      List.of("", "hello", "Grüße, 世界", "\uD83D\uDE00 and \uD800 alone", "x".repeat(200));

  private final Random random;
  private final RoomFixture fixture;

  RandomEvents(Random random, RoomFixture fixture) {
    this.random = random;
    this.fixture = fixture;
  }

  /** An event of any kind; one of this lifetime of the room most of the time. */
  RoomEvent next(RoomState state) {
    return switch (random.nextInt(27)) {
      case 0, 1, 2, 3, 4, 5 -> new RoomEvent.Published(message());
      case 6 -> new RoomEvent.Signalled(message());
      case 7, 8, 9, 10, 11, 12 -> joined();
      case 13, 14, 15 -> new RoomEvent.ConnectionLeft(id(), connection(), status());
      case 16 -> new RoomEvent.MemberRemoved(id(), status(), notice());
      case 17 -> new RoomEvent.NodeLost(node(state));
      case 18, 19 -> updated();
      case 20 ->
          new RoomEvent.RoleChanged(
              id(), any(Role.values()), random.nextBoolean(), random.nextBoolean(), notice());
      case 21 -> new RoomEvent.TopicChanged(text(), notice());
      case 22 ->
          new RoomEvent.SanctionImposed(
              random.nextBoolean(), id(), 1 + random.nextInt(60_000), text(), notice());
      case 23 -> new RoomEvent.SanctionLifted(random.nextBoolean(), id());
      case 25 ->
          new RoomEvent.ReadMarked(
              id(),
              new Position(
                  state.position().epoch(),
                  Math.max(0, state.position().offset() + 2 - random.nextInt(6))),
              notice());
      case 24 -> new RoomEvent.Published(amending(state.position()));
      default ->
          random.nextInt(5) == 0
              ? new RoomEvent.Closed(status())
              : new RoomEvent.Published(message());
    };
  }

  /** One of three nodes; one that was lost has another incarnation, most of the time. */
  String node(RoomState state) {
    int node = random.nextInt(3);
    int incarnation = 0;
    while (state.nodes().isLost("node" + node + "-" + incarnation) && random.nextInt(10) > 0) {
      incarnation++;
    }
    return "node" + node + "-" + incarnation;
  }

  private String id() {
    return "id" + random.nextInt(6);
  }

  private String connection() {
    return "connection" + random.nextInt(8);
  }

  private String text() {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  @SafeVarargs
  private <T> T any(T... values) {
    return values[random.nextInt(values.length)];
  }

  private <T> @Nullable T orNull(T value) {
    return random.nextBoolean() ? value : null;
  }

  private Payload payload() {
    byte[] bytes = new byte[random.nextInt(300)];
    random.nextBytes(bytes);
    return random.nextInt(3) == 0 ? Payload.bytes(bytes) : Payload.text(text());
  }

  private @Nullable Notice notice() {
    return Notice.decoded(orNull(payload()));
  }

  private CloseStatus status() {
    return any(
        CloseStatus.NORMAL,
        CloseStatus.LOST,
        CloseStatus.KICKED.withReason("Grüße"),
        CloseStatus.RESUMED);
  }

  private PresenceOptions presenceOptions() {
    return new PresenceOptions(
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        Optional.ofNullable(orNull(payload())));
  }

  private RoomEvent.Joined joined() {
    String id = id();
    String name = text() + random.nextInt(4);
    Map<String, Object> attributes = attributes();
    return new RoomEvent.Joined(
        RoomFixture.participant(id, name, attributes),
        id,
        name,
        orNull(name),
        attributes,
        any(Role.values()),
        random.nextBoolean(),
        random.nextInt(5) == 0,
        connection(),
        random.nextInt(3) == 0 ? connection() : null,
        presenceOptions(),
        notice(),
        notice());
  }

  private RoomEvent.MemberUpdated updated() {
    String name = orNull(text() + random.nextInt(4));
    return new RoomEvent.MemberUpdated(
        id(), name, name == null ? null : orNull(name), orNull(attributes()), notice(), notice());
  }

  private RoomMessage message() {
    Sender sender =
        random.nextInt(4) == 0
            ? null
            : new Sender(id(), text(), orNull(text()), orNull(connection()), orNull(payload()));
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = random.nextInt(6); i > 3; i--) {
      headers.put("key" + i, text());
    }
    return RoomMessage.decoded(
        fixture.room,
        sender,
        payload(),
        headers,
        audience(),
        random.nextInt(3) == 0 ? "key" + random.nextInt(10) : null,
        null,
        MessageRevision.NONE,
        null,
        random.nextInt(1_000_000));
  }

  private RoomMessage amending(Position newest) {
    Position target =
        new Position(newest.epoch(), Math.max(0, newest.offset() - random.nextInt(4)));
    return random.nextBoolean()
        ? reaction(target)
        : (RoomMessage) message().withAmendment(amendment(target));
  }

  private Amendment amendment(Position target) {
    return any(
        Amendment.edit(target),
        Amendment.delete(target),
        Amendment.pin(target),
        Amendment.unpin(target));
  }

  /** A reaction, which has a sender. */
  private RoomMessage reaction(Position target) {
    return (RoomMessage)
        RoomMessage.from(fixture.room, Sender.of(id(), text()), payload(), 1)
            .withAmendment(
                any(
                    Amendment.react(target, "+" + random.nextInt(3)),
                    Amendment.unreact(target, "+" + random.nextInt(3))));
  }

  private BroadcastPolicy audience() {
    BroadcastPolicy audience = BroadcastPolicy.everyone();
    if (random.nextInt(3) == 0) {
      audience =
          any(
                  BroadcastPolicy.excludingSender(),
                  BroadcastPolicy.excludingOrigin(),
                  BroadcastPolicy.onlyIds(Set.of()),
                  BroadcastPolicy.onlyIds(Set.of(id(), "id9")),
                  BroadcastPolicy.everyone())
              .and(any(BroadcastPolicy.everyone(), BroadcastPolicy.exceptIds(Set.of(id(), "id8"))));
    }
    return random.nextInt(4) == 0 ? audience.and(fixture.options.policy()) : audience;
  }

  Map<String, Object> attributes() {
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (int i = random.nextInt(5); i > 2; i--) {
      attributes.put(text() + i, value(0));
    }
    return attributes;
  }

  private Object value(int depth) {
    return switch (random.nextInt(depth < 4 ? 8 : 6)) {
      case 0 -> text();
      case 1 -> random.nextBoolean();
      case 2 -> random.nextInt();
      case 3 -> random.nextLong() >> random.nextInt(64);
      case 4 -> random.nextFloat();
      case 5 -> random.nextDouble();
      case 6 -> {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
          list.add(value(depth + 1));
        }
        yield list;
      }
      default -> {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
          map.put(text() + i, value(depth + 1));
        }
        yield map;
      }
    };
  }
}
