package dev.roomful;

import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Role;
import dev.roomful.protocol.JoinReplyEncoder;
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
 * A client of {@link ToyProtocol} and its handler. Commands: {@code i am NAME}, {@code join ROOM
 * [EPOCH:N]}, {@code leave ROOM}, {@code say ROOM TEXT}; one on each line of a frame.
 */
final class ToyClient implements Connection, ProtocolHandler {
  private final List<String> received = java.util.Collections.synchronizedList(new ArrayList<>());
  private final Receiver receiver;
  private @Nullable ProtocolSession session;
  private @Nullable CloseStatus status;
  private @Nullable Completion stalledCompletion;
  private boolean stallWrites;
  boolean tolerant;
  boolean failJoinReply;
  boolean brokenRemoval;
  boolean outOfMemory;

  ToyClient(Chat chat, ToyProtocol protocol) {
    receiver =
        ProtocolGateway.of(chat)
            .open(
                protocol,
                newSession -> {
                  session = newSession;
                  return this;
                },
                this);
  }

  static ToyClient identified(Chat chat, ToyProtocol protocol, String name) {
    ToyClient client = new ToyClient(chat, protocol);
    client.send("i am " + name);
    return client;
  }

  ToyClient join(String room) {
    send("join " + room);
    received.clear();
    return this;
  }

  ProtocolSession session() {
    return Objects.requireNonNull(session);
  }

  void send(String... lines) {
    receiver.text(String.join("\n", lines));
  }

  /** The transport passes on a frame that is no text. */
  Receiver receiver() {
    return receiver;
  }

  List<String> received() {
    List<String> taken = List.copyOf(received);
    received.clear();
    return taken;
  }

  Optional<CloseStatus> closeStatus() {
    return Optional.ofNullable(status);
  }

  void loseConnection() {
    receiver.closed(1006, "");
  }

  // The protocol handler.

  @Override
  public void text(String text) {
    if (outOfMemory) {
      throw new OutOfMemoryError("Java heap space");
    }
    List<String> lines = new ArrayList<>(List.of(text.split("\n")));
    if (lines.get(0).startsWith("i am ")) {
      String name = lines.remove(0).substring(5);
      session()
          .identify(name, name, Map.of("toy", true))
          .ifRejected(rejection -> reply(rejection.code()));
    }
    List<Runnable> tasks = new ArrayList<>();
    lines.forEach(line -> tasks.add(() -> execute(line.split(" ", 3))));
    session().enqueue(tasks);
  }

  private void execute(String[] arguments) {
    if (session().checkRate(arguments[0].equals("join") ? 0 : 1, () -> tolerant).isRejected()) {
      reply("too fast");
      return;
    }
    String room = arguments.length > 1 ? arguments[1] : "";
    switch (arguments[0]) {
      case "join" -> {
        HistoryRange replay =
            arguments.length < 3
                ? HistoryRange.none()
                : HistoryRange.since(Position.parse(arguments[2]).orElseThrow());
        session()
            .join(
                room,
                replay,
                Role.MEMBER,
                PresenceOptions.defaults().withPresenceEvents(true),
                serverJoinReply())
            .ifRejected(rejection -> reply(rejection.code()));
      }
      case "leave" -> reply(session().leave(room) ? "left " + room : "never there");
      case "say" ->
          reply(
              session()
                  .publish(room, Payload.text(arguments[2]))
                  .rejection()
                  .map(rejection -> rejection.code())
                  .orElse("ok"));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private void reply(String text) {
    session().send(Frame.text(text));
  }

  @Override
  public void binary(ByteBuffer bytes) {
    session().close(new CloseStatus(4444, "no bytes"));
  }

  @Override
  public JoinReplyEncoder serverJoinReply() {
    return (joinInfo, replayed, welcome) -> {
      if (failJoinReply) {
        throw new IllegalStateException("no welcome");
      }
      return Frame.text(
          encodeJoinReply(joinInfo, replayed) + (welcome == null ? "" : " " + welcome));
    };
  }

  private static String encodeJoinReply(JoinInfo joinInfo, List<Message> replayed) {
    return "in "
        + joinInfo.room().name()
        + (joinInfo.recovered() ? " again" : "")
        + replayed.stream().map(Message::text).toList();
  }

  @Override
  public @Nullable Frame encodeRemoval(Room room, CloseStatus status) {
    if (brokenRemoval) {
      throw new IllegalStateException("no frame for the removal");
    }
    return Frame.text("out of " + room.name() + ": " + status.reason());
  }

  @Override
  public void tick() {}

  // The connection.

  @Override
  public void write(Batch batch, Completion completion) {
    for (int i = 0; i < batch.size(); i++) {
      received.add(batch.frame(i).text());
    }
    if (stallWrites) {
      stalledCompletion = completion;
    } else {
      completion.succeeded();
    }
  }

  /** Leaves writes in flight from now on. */
  ToyClient stall() {
    stallWrites = true;
    return this;
  }

  /** Completes the write in flight, and each later one at once. */
  void recover() {
    stallWrites = false;
    Objects.requireNonNull(stalledCompletion).succeeded();
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
