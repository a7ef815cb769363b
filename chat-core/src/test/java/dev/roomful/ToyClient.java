package dev.roomful;

import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Role;
import dev.roomful.protocol.JoinReply;
import dev.roomful.protocol.PresenceOptions;
import dev.roomful.protocol.ProtocolGateway;
import dev.roomful.protocol.ProtocolHandler;
import dev.roomful.protocol.ProtocolSession;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client of the toy dialect, and its interpreter: {@code i am NAME}, {@code join ROOM [EPOCH:N]},
 * {@code leave ROOM}, {@code say ROOM TEXT}; several commands a frame, one a line.
 */
final class ToyClient implements Connection, ProtocolHandler {
  private final List<String> heard = java.util.Collections.synchronizedList(new ArrayList<>());
  private final Receiver receiver;
  private @Nullable ProtocolSession guest;
  private @Nullable CloseStatus status;
  private @Nullable Completion stalled;
  private boolean stalls;
  boolean tolerant;
  boolean brokenWelcome;
  boolean brokenRemoval;

  ToyClient(Chat chat, ToyDialect dialect) {
    receiver =
        ProtocolGateway.of(chat)
            .open(
                dialect,
                met -> {
                  guest = met;
                  return this;
                },
                this);
  }

  static ToyClient named(Chat chat, ToyDialect dialect, String name) {
    ToyClient client = new ToyClient(chat, dialect);
    client.say("i am " + name);
    return client;
  }

  ToyClient in(String room) {
    say("join " + room);
    heard.clear();
    return this;
  }

  ProtocolSession guest() {
    return Objects.requireNonNull(guest);
  }

  void say(String... lines) {
    receiver.text(String.join("\n", lines));
  }

  List<String> heard() {
    List<String> taken = List.copyOf(heard);
    heard.clear();
    return taken;
  }

  Optional<CloseStatus> closeStatus() {
    return Optional.ofNullable(status);
  }

  void vanish() {
    receiver.closed(1006, "");
  }

  // What the interpreter does.

  @Override
  public void text(String text) {
    List<String> lines = new ArrayList<>(List.of(text.split("\n")));
    if (lines.get(0).startsWith("i am ")) {
      String name = lines.remove(0).substring(5);
      guest()
          .identify(name, name, Map.of("toy", true))
          .ifRejected(refusal -> answer(refusal.code()));
    }
    List<Runnable> tasks = new ArrayList<>();
    lines.forEach(line -> tasks.add(() -> obey(line.split(" ", 3))));
    guest().enqueue(tasks);
  }

  private void obey(String[] words) {
    if (guest().checkRate(words[0].equals("join") ? 0 : 1, () -> tolerant).isRejected()) {
      answer("too fast");
      return;
    }
    String room = words.length > 1 ? words[1] : "";
    switch (words[0]) {
      case "join" -> {
        HistoryRange missed =
            words.length < 3
                ? HistoryRange.none()
                : HistoryRange.since(Position.parse(words[2]).orElseThrow());
        guest()
            .join(
                room,
                missed,
                Role.MEMBER,
                PresenceOptions.defaults().withPresenceEvents(true),
                serverJoinReply())
            .ifRejected(refusal -> answer(refusal.code()));
      }
      case "leave" -> answer(guest().leave(room) ? "left " + room : "never there");
      case "say" ->
          answer(
              guest()
                  .publish(room, Payload.text(words[2]))
                  .rejection()
                  .map(refusal -> refusal.code())
                  .orElse("ok"));
      default -> throw new IllegalArgumentException(words[0]);
    }
  }

  private void answer(String text) {
    guest().send(Frame.text(text));
  }

  @Override
  public void binary(ByteBuffer bytes) {
    guest().close(new CloseStatus(4444, "no bytes"));
  }

  @Override
  public JoinReply serverJoinReply() {
    return (arrival, missed, greeting) -> {
      if (brokenWelcome) {
        throw new IllegalStateException("no welcome");
      }
      return Frame.text(welcome(arrival, missed) + (greeting == null ? "" : " " + greeting));
    };
  }

  private static String welcome(JoinInfo arrival, List<Message> missed) {
    return "in "
        + arrival.room().name()
        + (arrival.recovered() ? " again" : "")
        + missed.stream().map(Message::text).toList();
  }

  @Override
  public @Nullable Frame encodeRemoval(Room room, CloseStatus why) {
    if (brokenRemoval) {
      throw new IllegalStateException("no frame for the removal");
    }
    return Frame.text("out of " + room.name() + ": " + why.reason());
  }

  @Override
  public void tick() {}

  // What the server does.

  @Override
  public void write(Batch batch, Completion completion) {
    for (int i = 0; i < batch.size(); i++) {
      heard.add(batch.frame(i).text());
    }
    if (stalls) {
      stalled = completion;
    } else {
      completion.succeeded();
    }
  }

  /** From now on what is written stays on its way. */
  ToyClient stall() {
    stalls = true;
    return this;
  }

  /** What was on its way arrives, and from now on everything at once. */
  void recover() {
    stalls = false;
    Objects.requireNonNull(stalled).succeeded();
  }

  @Override
  public void ping(Completion completion) {
    completion.succeeded();
    receiver.pong();
  }

  @Override
  public void close(int code, String reason) {
    status = new CloseStatus(code, reason);
    receiver.closed(code, reason);
  }

  @Override
  public void abort() {
    receiver.closed(1006, "");
  }
}
