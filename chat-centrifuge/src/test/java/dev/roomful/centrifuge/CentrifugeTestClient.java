package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.roomful.CloseStatus;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Handshake;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestHandshake;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Completion;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Frame;
import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A client of the protocol in memory. Its own connection id appears as {@code @me}, and the time of
 * a publication as {@code @time}.
 */
final class CentrifugeTestClient implements Connection {
  private static final Pattern CLIENT = Pattern.compile("\"connect\":\\{\"client\":\"([^\"]+)\"");

  private static final Pattern TIME = Pattern.compile("\"time\":\\d{13}");

  private final List<String> received = Collections.synchronizedList(new ArrayList<>());
  private final List<byte[]> receivedBytes = new ArrayList<>();
  private final List<String> frames = Collections.synchronizedList(new ArrayList<>());
  private final Receiver receiver;
  private @Nullable CloseStatus status;
  private @Nullable Completion stalledCompletion;
  private boolean stalling;
  private String id = "?";

  CentrifugeTestClient(Centrifuge gateway, Handshake handshake) {
    this(gateway, assertInstanceOf(AcceptedAdmission.class, gateway.admit(handshake)));
  }

  private CentrifugeTestClient(Centrifuge gateway, AcceptedAdmission admission) {
    receiver = gateway.open(admission, this);
  }

  static CentrifugeTestClient open(Centrifuge gateway, AcceptedAdmission admission) {
    return new CentrifugeTestClient(gateway, admission);
  }

  /** {@return a client without a token, identified by the authenticator} */
  static CentrifugeTestClient of(Centrifuge gateway, String name) {
    return new CentrifugeTestClient(gateway, TestHandshake.create().withQuery("name", name));
  }

  /** Connects, and drops the reply. */
  CentrifugeTestClient connect() {
    return connect("");
  }

  CentrifugeTestClient connect(String token) {
    send("{\"id\":1,\"connect\":{" + (token.isEmpty() ? "" : "\"token\":\"" + token + "\"") + "}}");
    Matcher reply = CLIENT.matcher(String.join("\n", received));
    if (reply.find()) {
      id = reply.group(1);
      received.clear();
    }
    return this;
  }

  CentrifugeTestClient subscribe(String channel) {
    send("{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"}}");
    received.clear();
    return this;
  }

  String id() {
    return id;
  }

  /** {@return the reply to a rejected command} */
  static String error(int command, int code, String message) {
    return "{\"id\":%d,\"error\":{\"code\":%d,\"message\":\"%s\"}}"
        .formatted(command, code, message);
  }

  /** Closes a chat and asserts that nothing of it is left. */
  static void closeAndAssertNothingIsLeft(TestChat chat) {
    chat.close();
    assertEquals(0, chat.chat().connections());
    assertEquals(0, chat.chat().participants());
  }

  void send(String... commands) {
    receiver.text(String.join("\n", commands));
  }

  void send(byte[] commands) {
    receiver.binary(ByteBuffer.wrap(commands));
  }

  List<String> received() {
    List<String> drained =
        receivedSoFar().stream()
            .map(line -> TIME.matcher(line.replace(id, "@me")).replaceAll("\"time\":@time"))
            .toList();
    received.clear();
    return drained;
  }

  /** {@return what came and was not drained yet, unchanged} */
  List<String> receivedSoFar() {
    synchronized (received) {
      return List.copyOf(received);
    }
  }

  /** {@return the times of the publications that came, in milliseconds since 1970} */
  List<Long> receivedTimes() {
    List<Long> times =
        receivedSoFar().stream()
            .flatMap(line -> TIME.matcher(line).results())
            .map(match -> Long.valueOf(match.group().substring("\"time\":".length())))
            .toList();
    received.clear();
    return times;
  }

  /** {@return the text frames as they came, each of one or more lines} */
  List<String> frames() {
    List<String> drained = List.copyOf(frames);
    frames.clear();
    return drained;
  }

  /** From now on, writes do not complete. */
  CentrifugeTestClient stall() {
    stalling = true;
    return this;
  }

  /** Completes the write that is stuck, and all later ones at once. */
  void unstall(TestChat chat) {
    stalling = false;
    Objects.requireNonNull(stalledCompletion).succeeded();
    chat.advance(Duration.ofMillis(1));
  }

  /** Advances the time, answers the pings that come, and returns their number. */
  int answerPings(TestChat chat, int seconds) {
    int pings = 0;
    for (int i = 0; i < seconds; i++) {
      chat.advance(Duration.ofSeconds(1));
      if (received.removeIf("{}"::equals) && status == null) {
        pings++;
        send("{}");
      }
    }
    return pings;
  }

  List<byte[]> receivedBytes() {
    List<byte[]> drained = List.copyOf(receivedBytes);
    receivedBytes.clear();
    return drained;
  }

  Optional<CloseStatus> closeStatus() {
    return Optional.ofNullable(status);
  }

  int closeCode() {
    return status == null ? 0 : status.code();
  }

  void loseConnection() {
    receiver.closed(1006, "");
  }

  @Override
  public void write(Batch batch, Completion completion) {
    for (int i = 0; i < batch.size(); i++) {
      Frame frame = batch.frame(i);
      if (frame.isText()) {
        frames.add(frame.text());
        received.addAll(List.of(frame.text().split("\n")));
      } else {
        byte[] bytes = new byte[frame.payload().remaining()];
        frame.payload().get(bytes);
        receivedBytes.add(bytes);
      }
    }
    if (stalling) {
      stalledCompletion = completion;
    } else {
      completion.succeeded();
    }
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
