package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.roomful.CloseStatus;
import dev.roomful.Entry;
import dev.roomful.Handshake;
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
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A client of the protocol in memory. Ids of connections are told as {@code @} and who it is. */
final class Phone implements Connection {
  private static final Pattern CLIENT = Pattern.compile("\"connect\":\\{\"client\":\"([^\"]+)\"");

  private final List<String> heard = new ArrayList<>();
  private final List<byte[]> heardBytes = new ArrayList<>();
  private final List<String> frames = new ArrayList<>();
  private final Receiver receiver;
  private @Nullable CloseStatus status;
  private @Nullable Completion stalled;
  private boolean stalls;
  private String id = "?";

  Phone(Centrifuge door, Handshake handshake) {
    Entry entry = assertInstanceOf(Entry.class, door.admit(handshake));
    receiver = door.open(entry, this);
  }

  /** Without a token: the doorman decides. */
  static Phone of(Centrifuge door, String name) {
    return new Phone(door, TestHandshake.create().withQuery("name", name));
  }

  /** Connected, with the reply taken. */
  Phone connected() {
    return connected("");
  }

  Phone connected(String token) {
    say("{\"id\":1,\"connect\":{" + (token.isEmpty() ? "" : "\"token\":\"" + token + "\"") + "}}");
    Matcher reply = CLIENT.matcher(String.join("\n", heard));
    if (reply.find()) {
      id = reply.group(1);
      heard.clear();
    }
    return this;
  }

  Phone in(String channel) {
    say("{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"}}");
    heard.clear();
    return this;
  }

  String id() {
    return id;
  }

  /** The reply to a command that was refused. */
  static String error(int command, int code, String message) {
    return "{\"id\":%d,\"error\":{\"code\":%d,\"message\":\"%s\"}}"
        .formatted(command, code, message);
  }

  /** Closes a chat, of which nothing may be left then. */
  static void assertLeavesNothing(TestChat chat) {
    chat.close();
    assertEquals(0, chat.chat().connections());
    assertEquals(0, chat.chat().participants());
  }

  void say(String... commands) {
    receiver.text(String.join("\n", commands));
  }

  void say(byte[] commands) {
    receiver.binary(ByteBuffer.wrap(commands));
  }

  List<String> heard() {
    List<String> taken = heard.stream().map(line -> line.replace(id, "@me")).toList();
    heard.clear();
    return taken;
  }

  /** Text frames as they came, each of one line or several. */
  List<String> frames() {
    List<String> taken = List.copyOf(frames);
    frames.clear();
    return taken;
  }

  /** From now on what is written stays on its way. */
  Phone stall() {
    stalls = true;
    return this;
  }

  /** What was on its way arrives, and from now on everything at once. */
  void recover(TestChat chat) {
    stalls = false;
    Objects.requireNonNull(stalled).succeeded();
    chat.advance(Duration.ofMillis(1));
  }

  /** Lets time go by, answers the pings that come, and returns how many these were. */
  int live(TestChat chat, int seconds) {
    int pings = 0;
    for (int i = 0; i < seconds; i++) {
      chat.advance(Duration.ofSeconds(1));
      if (heard.removeIf("{}"::equals) && status == null) {
        pings++;
        say("{}");
      }
    }
    return pings;
  }

  List<byte[]> heardBytes() {
    List<byte[]> taken = List.copyOf(heardBytes);
    heardBytes.clear();
    return taken;
  }

  Optional<CloseStatus> closeStatus() {
    return Optional.ofNullable(status);
  }

  int closeCode() {
    return status == null ? 0 : status.code();
  }

  void vanish() {
    receiver.closed(1006, "");
  }

  @Override
  public void write(Batch batch, Completion completion) {
    for (int i = 0; i < batch.size(); i++) {
      Frame frame = batch.frame(i);
      if (frame.isText()) {
        frames.add(frame.text());
        heard.addAll(List.of(frame.text().split("\n")));
      } else {
        byte[] bytes = new byte[frame.payload().remaining()];
        frame.payload().get(bytes);
        heardBytes.add(bytes);
      }
    }
    if (stalls) {
      stalled = completion;
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
