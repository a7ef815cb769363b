package dev.roomful.centrifuge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.roomful.centrifuge.wire.Wire;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random frames. The seeds are fixed, so that a failure repeats. */
class CodecFuzzTest {
  private static final int ROUNDS = 30_000;
  private static final String[] TOKENS = {
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "\n",
    "\r",
    " ",
    "\t",
    "\0",
    "0",
    "1",
    "-",
    ".",
    "e",
    "null",
    "true",
    "false",
    "\"id\"",
    "\"connect\"",
    "\"subscribe\"",
    "\"publish\"",
    "\"send\"",
    "\"subs\"",
    "\"headers\"",
    "\"since\"",
    "\"data\"",
    "\"channel\"",
    "\"offset\"",
    "\"tf\"",
    "\"id\":1,",
    "\"data\":",
    "{\"send\":{\"data\":",
    "\\u",
    "d800",
    "é",
    "😀",
    "\uFEFF",
    "/*",
    "'"
  };

  private final Codec json = new JsonCodec();
  private final Codec protobuf = new ProtobufCodec();

  @Test
  void anyTextIsCommandsOrMalformed() {
    Random random = new Random(1);
    for (int round = 0; round < ROUNDS; round++) {
      StringBuilder text = new StringBuilder();
      for (int tokens = random.nextInt(24); tokens >= 0; tokens--) {
        text.append(TOKENS[random.nextInt(TOKENS.length)]);
      }
      check(text.toString());
    }
  }

  @Test
  void aCommandWithAnErrorInItIsACommandOrMalformed() {
    Random random = new Random(2);
    List<GoldenCommands> golden = GoldenCommands.all();
    for (int round = 0; round < ROUNDS; round++) {
      StringBuilder text = new StringBuilder(golden.get(random.nextInt(golden.size())).json());
      for (int errors = random.nextInt(3); errors >= 0 && !text.isEmpty(); errors--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, TOKENS[random.nextInt(TOKENS.length)]);
          default -> text.setCharAt(at, (char) random.nextInt(256));
        }
      }
      check(text.toString());
    }
  }

  private void check(String frame) {
    try {
      for (Command command : json.decode(frame)) {
        data(command.request())
            .forEach(data -> assertTrue(JsonSettings.isValue(data.bytes()), frame));
      }
    } catch (MalformedFrameException malformed) {
      assertFalse(malformed.getMessage().isEmpty());
    }
  }

  private static List<RawData> data(ClientRequest request) {
    List<RawData> data = new ArrayList<>();
    if (request instanceof ClientRequest.Connect connect) {
      data.add(connect.data());
      connect.subs().values().forEach(sub -> data.add(sub.data()));
    } else if (request instanceof ClientRequest.Subscribe subscribe) {
      data.add(subscribe.data());
    } else if (request instanceof ClientRequest.Publish publish) {
      data.add(publish.data());
    } else if (request instanceof ClientRequest.Send send) {
      data.add(send.data());
    } else if (request instanceof ClientRequest.Rpc rpc) {
      data.add(rpc.data());
    }
    data.removeIf(RawData::isEmpty);
    return data;
  }

  @Test
  void anyBytesAreCommandsOrMalformed() {
    Random random = new Random(3);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      if (bytes.length > 0 && random.nextBoolean()) {
        bytes[0] = (byte) (bytes.length - 1);
      }
      check(bytes);
    }
  }

  @Test
  void aMessageWithAnErrorInItIsACommandOrMalformed() {
    Random random = new Random(4);
    List<GoldenCommands> golden = GoldenCommands.all();
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = HexFormat.of().parseHex(golden.get(random.nextInt(golden.size())).protobuf());
      for (int errors = random.nextInt(3); errors >= 0; errors--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      check(bytes);
    }
  }

  private void check(byte[] frame) {
    try {
      assertFalse(protobuf.decode(ByteBuffer.wrap(frame)).isEmpty());
    } catch (MalformedFrameException malformed) {
      assertFalse(malformed.getMessage().isEmpty());
    }
  }

  @Test
  void aPublishIsDecodedEquallyByBothCodecs() throws Exception {
    Random random = new Random(5);
    for (int round = 0; round < 2_000; round++) {
      String channel = name(random);
      String data = value(random, 4);
      long id = random.nextLong(1, 1000);
      Wire.PublishRequest publish =
          Wire.PublishRequest.newBuilder()
              .setChannel(channel)
              .setData(ByteString.copyFromUtf8(data))
              .build();
      byte[] message =
          Wire.Command.newBuilder().setId((int) id).setPublish(publish).build().toByteArray();
      ByteBuffer frame = ByteBuffer.allocate(message.length + 2);
      frame.put((byte) ((message.length & 0x7F) | 0x80)).put((byte) (message.length >> 7));

      assertEquals(
          protobuf.decode(frame.put(message).flip()),
          json.decode(
              "{\"publish\":{\"data\":%s,\"channel\":%s},\"id\":%d}"
                  .formatted(data, quoted(channel), id)));
    }
  }

  @Test
  void aReplyIsOneLineOfJsonAndOneMessageOfProtobuf() throws Exception {
    Random random = new Random(6);
    for (int round = 0; round < 2_000; round++) {
      ClientInfo info =
          new ClientInfo(
              name(random),
              name(random),
              RawData.of(value(random, 2)),
              RawData.of(value(random, 2)));
      Publication original =
          new Publication(
              RawData.of(value(random, 4)),
              info,
              random.nextLong(1L << 62),
              Map.of(name(random), name(random)),
              random.nextInt(9));
      Reply reply =
          new Reply(
              1 + random.nextInt(9),
              new Reply.HistoryResult(
                  List.of(original, original), new StreamPosition(9, name(random))));

      String line = new String(json.encode(reply), UTF_8);
      assertTrue(RawData.of(line).isJson(), line);
      assertEquals(-1, line.indexOf('\n'));
      byte[] frame = protobuf.encode(reply);
      ByteArrayInputStream in = new ByteArrayInputStream(frame);
      Wire.Reply read = Wire.Reply.parseDelimitedFrom(in);
      assertEquals(0, in.available());
      Wire.Publication publication = read.getHistory().getPublications(1);
      assertEquals(original.offset(), publication.getOffset());
      assertEquals(original.data().text(), publication.getData().toStringUtf8());
      assertEquals(info.user(), publication.getInfo().getUser());
    }
  }

  private static String name(Random random) {
    StringBuilder name = new StringBuilder();
    for (int length = random.nextInt(12); length >= 0; length--) {
      name.appendCodePoint(
          switch (random.nextInt(4)) {
            case 0 -> 'a' + random.nextInt(26);
            case 1 -> 1 + random.nextInt(0x7F);
            case 2 -> 0x80 + random.nextInt(0x800);
            default -> 0x1F300 + random.nextInt(256);
          });
    }
    return name.toString();
  }

  private static String value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 6 : 4)) {
      case 0 -> quoted(name(random));
      case 1 -> random.nextLong() + "." + random.nextInt(100) + "0";
      case 2 -> random.nextBoolean() ? "true" : "[null]";
      case 3 -> random.nextInt() + "e" + random.nextInt(1000);
      case 4 -> "[" + value(random, depth - 1) + " , " + value(random, depth - 1) + "]";
      default ->
          "{"
              + quoted("a" + name(random))
              + ":"
              + value(random, depth - 1)
              + ",\"b\" :"
              + value(random, depth - 1)
              + "}";
    };
  }

  private static String quoted(String string) {
    StringBuilder quoted = new StringBuilder("\"");
    string
        .chars()
        .forEach(
            c -> {
              if (c < ' ' || c == '"' || c == '\\') {
                quoted.append("\\u%04x".formatted(c));
              } else {
                quoted.append((char) c);
              }
            });
    return quoted.append('"').toString();
  }
}
