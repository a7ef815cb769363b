package dev.roomful.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client against a server whose every byte is written out here. */
class WireClientTest {

  private static final Duration LONG = Duration.ofSeconds(5);
  private static final Duration SHORT = Duration.ofMillis(50);

  /** The key and the answer to it that RFC 6455 section 1.3 gives as its example. */
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private static final String ACCEPT = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  private final List<FutureTask<Boolean>> scripts = new ArrayList<>();

  @AfterEach
  void everyServerSawWhatItExpected() throws Exception {
    for (FutureTask<Boolean> script : scripts) {
      assertTrue(script.get(5, TimeUnit.SECONDS));
    }
  }

  @Test
  void theRequestIsTheAddressWithTheHeadersOfTheRfcAndOfTheTest() throws Exception {
    URI uri =
        serve(
            server -> {
              assertTrue(server.request.startsWith("GET /rooms/a%20b?as=ann HTTP/1.1\r\n"));
              server.mustHaveBeenAsked("Host: 127.0.0.1:" + server.port());
              server.mustHaveBeenAsked("Upgrade: websocket");
              server.mustHaveBeenAsked("Connection: Upgrade");
              server.mustHaveBeenAsked("Sec-WebSocket-Version: 13");
              server.mustHaveBeenAsked("Sec-WebSocket-Protocol: chat.v2, chat.v1");
              server.mustHaveBeenAsked("Origin: https://example.org");
              server.upgrade("Sec-WebSocket-Protocol: chat.v1", "X-Server: one", "X-Server: two");
            });
    try (WireClient client =
        request(uri.resolve("/rooms/a%20b?as=ann"))
            .subprotocols("chat.v2", "chat.v1")
            .header("Origin", "https://example.org")
            .connect()) {
      assertEquals("chat.v1", client.subprotocol());
      assertEquals(List.of("one", "two"), client.responseHeaders().get("x-server"));
    }
  }

  @Test
  void anAnswerToAnotherKeyIsNoHandshake() throws Exception {
    URI uri = serve(Peer::upgrade);
    // Not by request(): this client makes a key of its own.
    AssertionError broken = assertThrows(AssertionError.class, () -> WireClient.connect(uri));
    assertMentions("Sec-WebSocket-Accept", broken);
  }

  @Test
  void aSubprotocolOrExtensionThatWasNotOfferedIsNoHandshake() throws Exception {
    ConnectRequest subprotocol =
        request(serve(server -> server.upgrade("Sec-WebSocket-Protocol: x")));
    assertMentions("[x]", assertThrows(AssertionError.class, subprotocol::connect));
    ConnectRequest extension =
        request(serve(server -> server.upgrade("Sec-WebSocket-Extensions: y; a=1")));
    assertMentions("[y]", assertThrows(AssertionError.class, extension::connect));
  }

  @Test
  void anAnswerWithoutAnUpgradeIsNoHandshake() throws Exception {
    ConnectRequest request =
        request(serve(server -> server.say("HTTP/1.1 101 Sure", ACCEPT, "", "")));
    assertMentions("without an upgrade", assertThrows(AssertionError.class, request::connect));
  }

  @Test
  void aRefusalTellsItsStatusReasonHeadersAndBody() throws Exception {
    ConnectRequest request =
        request(
            serve(
                server ->
                    server.say(
                        "HTTP/1.1 403 Not From There",
                        "Retry-After: 7",
                        "Content-Length: 5",
                        "",
                        "go on, and nothing of this")));
    WireClient.Rejected rejected = assertThrows(WireClient.Rejected.class, request::connect);
    assertEquals(403, rejected.status());
    assertEquals("Not From There", rejected.reasonPhrase());
    assertEquals("go on", rejected.body());
    assertEquals(List.of("7"), rejected.headers().get("retry-after"));
  }

  @Test
  void aRefusalIsReadInChunksOrUpToTheEndToo() throws Exception {
    ConnectRequest chunked =
        request(
            serve(
                server ->
                    server.say(
                        "HTTP/1.1 429 ",
                        "Transfer-Encoding: chunked",
                        "",
                        "4",
                        "slow",
                        "A;x=y",
                        " down a bi",
                        "1",
                        "t",
                        "0",
                        "",
                        "")));
    assertEquals(
        "slow down a bit", assertThrows(WireClient.Rejected.class, chunked::connect).body());
    ConnectRequest endless = request(serve(server -> server.say("HTTP/1.1 503", "", "later")));
    WireClient.Rejected rejected = assertThrows(WireClient.Rejected.class, endless::connect);
    assertEquals("", rejected.reasonPhrase());
    assertEquals("later", rejected.body());
  }

  @Test
  void aServerThatDoesNotAnswerTheRequestIsAnIoFailure() throws Exception {
    ConnectRequest ended = request(serve(server -> {}));
    assertThrows(EOFException.class, ended::connect);
    ConnectRequest mute = request(serve(server -> assertEquals(-1, server.in.read())));
    assertThrows(SocketTimeoutException.class, mute.timeout(SHORT)::connect);
  }

  @Test
  void everythingSentIsMaskedAndArrivesAsItWas() throws Exception {
    URI uri =
        serve(
            server -> {
              server.upgrade();
              assertEquals("81:" + hex("hé"), server.receive());
              for (int size : new int[] {0, 125, 126, 65_535, 65_536}) {
                assertEquals("82:" + "07".repeat(size), server.receive());
              }
              assertEquals("89:01", server.receive());
              assertEquals("8a:02", server.receive());
              assertEquals("88:1000" + hex("bye"), server.receive());
              assertEquals("88:", server.receive());
            });
    try (WireClient client = request(uri).connect()) {
      client.text("hé");
      for (int size : new int[] {0, 125, 126, 65_535, 65_536}) {
        byte[] payload = new byte[size];
        Arrays.fill(payload, (byte) 7);
        client.binary(payload);
      }
      client.ping(new byte[] {1});
      client.pong(new byte[] {2});
      client.close(4096, "bye");
      client.close(1005, "");
    }
  }

  @Test
  void aMessageCanBeCutAnywhereEvenWithinACharacter() throws Exception {
    URI uri =
        serve(
            server -> {
              server.upgrade();
              assertEquals("01:68c3", server.receive());
              assertEquals("00:", server.receive());
              assertEquals("80:a921", server.receive());
              assertEquals("02:01", server.receive());
              assertEquals("80:", server.receive());
            });
    try (WireClient client = request(uri).connect()) {
      client.fragments("hé!", 2, 0);
      client.fragments(new byte[] {1}, 1);
      assertThrows(IllegalArgumentException.class, () -> client.fragments("hé!", 3, 2));
    }
  }

  @Test
  void aFrameCanBeSentInTwoPieces() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    URI uri =
        serve(
            server -> {
              server.upgrade();
              server.in.mark(100);
              assertEquals(8, server.in.readNBytes(8).length, "header, mask, and two bytes");
              server.in.reset();
              begun.countDown();
              assertEquals("81:" + hex("hello"), server.receive());
            });
    try (WireClient client = request(uri).connect()) {
      Runnable rest = client.partialText("hello".getBytes(UTF_8), 2);
      assertTrue(begun.await(5, TimeUnit.SECONDS));
      rest.run();
    }
  }

  @Test
  void unlawfulFramesAndRawBytesAreSentAsAsked() throws Exception {
    URI uri =
        serve(
            server -> {
              server.upgrade();
              assertEquals("730161ff", HexFormat.of().formatHex(server.in.readNBytes(4)));
            });
    try (WireClient client = request(uri).connect()) {
      client.frame(false, 7, 3, new byte[] {'a'}, false);
      client.raw(new byte[] {(byte) 0xFF});
      assertThrows(
          IllegalArgumentException.class, () -> client.frame(true, 8, 1, new byte[0], true));
    }
  }

  @Test
  void fragmentsMakeOneMessageWhileAPingBetweenThemIsAnswered() throws Exception {
    URI uri =
        serve(
            server -> {
              server.upgrade();
              server.send("01 02 68c3", "89 01 2a", "00 00", "80 01 a9", "02 01 00", "80 01 ff");
              assertEquals("8a:2a", server.receive());
            });
    try (WireClient client = request(uri).connect()) {
      assertEquals("hé", client.nextText());
      assertEquals(new Received.Binary("00ff"), client.next());
      assertEquals(List.of(new Received.Ping("2a")), client.pings());
    }
  }

  @Test
  void pingsAndClosesCanBeLeftToTheTestToAnswer() throws Exception {
    URI uri =
        serve(
            server -> {
              server.upgrade();
              server.send("89 01 2a", "88 02 03e8");
              assertEquals("8a:2b", server.receive());
              assertEquals(-1, server.in.read());
            });
    try (WireClient client = request(uri).connect()) {
      client.answerPings(false);
      client.answerCloses(false);
      assertEquals(new Received.Ping("2a"), client.next());
      assertEquals(new Received.Close(1000, ""), client.next());
      client.pong(new byte[] {0x2b});
    }
  }

  @Test
  void pongsAreReceivedButNeverTakenForWords() throws Exception {
    URI uri =
        serve(
            server -> {
              server.upgrade();
              server.send("8a 01 01", "8a 01 02", "81 01 61");
              assertEquals(-1, server.in.read());
            });
    try (WireClient client = request(uri).connect()) {
      Received first = client.next();
      assertEquals(new Received.Pong("01"), first);
      assertArrayEquals(new byte[] {1}, ((Received.Pong) first).bytes());
      assertEquals("a", client.nextText());
      assertEquals(List.of(new Received.Pong("01"), new Received.Pong("02")), client.pongs());
    }
  }

  @Test
  void aCloseOfTheServerIsAnsweredWithItsCode() throws Exception {
    URI uri =
        serve(
            server -> {
              server.upgrade();
              server.send("81 01 61", "88 06 0fa1" + hex("slow"));
              assertEquals("88:0fa1", server.receive());
            });
    try (WireClient client = request(uri).connect()) {
      Received.Close close = client.awaitClose();
      assertEquals(new Received.Close(4001, "slow"), close);
      assertTrue(client.awaitEnd(LONG));
      assertEquals(close, client.awaitClose(), "it is remembered");
      assertEquals(new Received.End(false), client.next());
    }
  }

  @Test
  void theServersAnswerToACloseIsNotAnsweredAgain() throws Exception {
    URI uri =
        serve(
            server -> {
              server.upgrade();
              assertEquals("88:03e8", server.receive());
              server.send("88 00");
              assertEquals(-1, server.in.read());
            });
    try (WireClient client = request(uri).connect()) {
      client.close(1000, "");
      assertEquals(new Received.Close(1005, ""), client.awaitClose());
    }
  }

  @Test
  void anEndWithoutACloseIs1006() throws Exception {
    try (WireClient client = request(serve(Peer::upgrade)).connect()) {
      assertEquals(new Received.Close(1006, ""), client.awaitClose());
    }
  }

  @Test
  void vanishingIsAResetAndHangingUpIsNot() throws Exception {
    URI abandoned =
        serve(
            server -> {
              server.upgrade();
              assertThrows(SocketException.class, server.in::read);
            });
    request(abandoned).connect().vanish();
    URI ended =
        serve(
            server -> {
              server.upgrade();
              assertEquals(-1, server.in.read());
              server.send("81 02 6f6b");
            });
    try (WireClient client = request(ended).connect()) {
      client.hangUpWithoutClose();
      assertEquals("ok", client.nextText(), "it still receives");
    }
  }

  @Test
  void aResetByTheServerIsAnEndThatSaysSo() throws Exception {
    URI uri =
        serve(
            server -> {
              server.upgrade();
              assertEquals("81:61", server.receive());
              server.socket.setSoLinger(true, 0);
            });
    try (WireClient client = request(uri).connect()) {
      client.text("a");
      assertEquals(new Received.End(true), client.next());
    }
  }

  @Test
  void aDeadlineInTheMiddleOfAFrameLosesNothing() throws Exception {
    CountDownLatch late = new CountDownLatch(1);
    URI uri =
        serve(
            server -> {
              server.upgrade();
              server.send("81 03 61");
              assertTrue(late.await(5, TimeUnit.SECONDS));
              server.send("62 63");
              assertEquals(-1, server.in.read());
            });
    try (WireClient client = request(uri).connect()) {
      assertNull(client.poll(SHORT));
      client.assertSilent(Duration.ZERO);
      assertMentions(
          "nothing arrived", assertThrows(AssertionError.class, () -> client.next(SHORT)));
      late.countDown();
      assertEquals("abc", client.nextText());
    }
  }

  @Test
  void anExpectationThatFailsNamesWhatCameInstead() throws Exception {
    URI uri =
        serve(
            server -> {
              server.upgrade();
              server.send("81 02 6869", "82 01 07", "81 01 61", "88 02 03e9");
              assertEquals("88:03e9", server.receive());
            });
    try (WireClient client = request(uri).connect()) {
      assertMentions(
          "Text[text=hi]", assertThrows(AssertionError.class, () -> client.assertSilent(LONG)));
      assertMentions("Binary[hex=07]", assertThrows(AssertionError.class, client::nextText));
      AssertionError tooFew = assertThrows(AssertionError.class, () -> client.texts(2));
      assertMentions("after 1 of 2 texts, ending [a]", tooFew);
      assertTrue(String.valueOf(tooFew.getCause()).contains("Close[code=1001"));
    }
  }

  @Test
  void whateverTheRfcForbidsAServerToSendFailsTheTest() throws Exception {
    assertBroken("5.1: it masked", "81 81 00000000 61");
    assertBroken("5.2: a reserved bit is set without an extension", "c1 01 61");
    assertBroken("5.2: an unknown opcode", "83 00");
    assertBroken("5.2: an unknown opcode", "8b 00");
    assertBroken("5.2: it wrote the length 125", "81 7e 007d");
    assertBroken("5.2: it wrote the length 65535", "81 7f 000000000000ffff");
    assertBroken("5.2: a frame of 9223372036854775808", "81 7f 8000000000000000");
    assertBroken("5.2: a frame of 67108865", "81 7f 0000000004000001");
    assertBroken("5.4: a continuation without a message", "80 01 61");
    assertBroken("5.4: a message began within", "01 01 61", "81 01 62");
    assertBroken("5.4: it fragmented a control frame", "09 00");
    assertBroken("5.5: a control frame is above", "8a 7e 007e" + "00".repeat(126));
    assertBroken("5.5.1: a Close frame has one byte", "88 01 03");
    assertBroken("5.5.1: a frame followed its close frame", "88 02 03e8", "81 01 61");
    assertBroken("7.4: the close code 1005", "88 02 03ed");
    assertBroken("7.4: the close code 2999", "88 02 0bb7");
    assertBroken("8.1: text is not UTF-8: ff", "81 01 ff");
    assertBroken("8.1: text is not UTF-8: c3", "01 01 c3", "80 00");
    assertBroken("8.1: text is not UTF-8: 03e8ff", "88 03 03e8 ff");
  }

  @Test
  void anAgreedExtensionMayUseReservedBitsAndItsMessagesAreLeftAsTheyAre() throws Exception {
    URI uri =
        serve(
            server -> {
              server.mustHaveBeenAsked("Sec-WebSocket-Extensions: permessage-deflate");
              server.upgrade("Sec-WebSocket-Extensions: permessage-deflate; a=b");
              server.send("41 01 4a", "80 02 0400", "81 01 61");
            });
    try (WireClient client = request(uri).offer("permessage-deflate").connect()) {
      assertEquals(new Received.Binary("4a0400"), client.next());
      assertEquals("a", client.nextText());
    }
  }

  @Test
  void aHundredThousandSmallMessagesAreReadInTime() throws Exception {
    int count = 100_000;
    URI uri =
        serve(
            server -> {
              server.upgrade();
              ByteArrayOutputStream all = new ByteArrayOutputStream();
              for (int i = 0; i < count; i++) {
                all.writeBytes(HexFormat.of().parseHex("8108" + hex("message ")));
              }
              server.socket.getOutputStream().write(all.toByteArray());
            });
    try (WireClient client = request(uri).connect()) {
      List<String> texts = assertTimeout(LONG, () -> client.texts(count));
      assertEquals(Collections.nCopies(count, "message "), texts);
    }
  }

  private static ConnectRequest request(URI uri) {
    return WireClient.request(uri).header("Sec-WebSocket-Key", KEY);
  }

  private void assertBroken(String rule, String... frames) throws IOException {
    URI uri =
        serve(
            server -> {
              server.upgrade();
              server.send(frames);
              server.socket.shutdownOutput();
            });
    try (WireClient client = request(uri).connect()) {
      assertMentions(rule, assertThrows(AssertionError.class, () -> client.awaitEnd(LONG)));
    }
  }

  private static void assertMentions(String part, Throwable failure) {
    assertTrue(String.valueOf(failure.getMessage()).contains(part), failure::toString);
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(UTF_8));
  }

  /** Starts a server for one connection, which it closes when the script is played. */
  private URI serve(Script script) throws IOException {
    ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    listener.setSoTimeout(5000);
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              try (listener;
                  Socket socket = listener.accept()) {
                script.play(new Peer(socket));
                return true;
              }
            });
    scripts.add(task);
    new Thread(task, "fake server").start();
    return URI.create("ws://127.0.0.1:" + listener.getLocalPort());
  }

  private interface Script {
    void play(Peer server) throws Exception;
  }

  /** The server's side of one connection. */
  private static final class Peer {
    final Socket socket;
    final DataInputStream in;
    final String request;

    Peer(Socket socket) throws IOException {
      this.socket = socket;
      socket.setSoTimeout(5000);
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.readUnsignedByte());
      }
      request = head.toString();
    }

    int port() {
      return socket.getLocalPort();
    }

    void mustHaveBeenAsked(String header) {
      assertTrue(request.contains("\r\n" + header + "\r\n"), request);
    }

    void upgrade(String... headers) throws IOException {
      List<String> head = new ArrayList<>();
      head.add("HTTP/1.1 101 Switching Protocols");
      head.add("upgrade: WebSocket");
      head.add("connection: keep-alive, Upgrade");
      head.add(ACCEPT);
      head.addAll(List.of(headers));
      head.addAll(List.of("", ""));
      say(head.toArray(String[]::new));
    }

    void say(String... lines) throws IOException {
      socket.getOutputStream().write(String.join("\r\n", lines).getBytes(ISO_8859_1));
    }

    void send(String... hexFrames) throws IOException {
      String hex = String.join("", hexFrames).replace(" ", "");
      socket.getOutputStream().write(HexFormat.of().parseHex(hex));
    }

    /** Reads a frame: its first byte, a colon, and the payload, unmasked. */
    String receive() throws IOException {
      int first = in.readUnsignedByte();
      int second = in.readUnsignedByte();
      assertTrue(second >= 128, "masked");
      long length = second & 0x7F;
      long sizing = length < 126 ? 0 : length;
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = in.readLong();
      }
      assertEquals(length < 126 ? 0 : length < 65_536 ? 126 : 127, sizing, "the shortest length");
      byte[] mask = in.readNBytes(4);
      byte[] payload = in.readNBytes((int) length);
      for (int i = 0; i < payload.length; i++) {
        payload[i] = (byte) (payload[i] ^ mask[i % 4]);
      }
      return HexFormat.of().toHexDigits((byte) first) + ":" + HexFormat.of().formatHex(payload);
    }
  }
}
