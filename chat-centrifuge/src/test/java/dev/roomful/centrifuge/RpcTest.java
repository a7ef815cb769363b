package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Payload;
import dev.roomful.testsupport.LogCapture;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls and messages of clients to the application. */
class RpcTest extends CentrifugeChatFixture {
  @Test
  void anRpcResultThatIsTooLargeForAReplyIsAnErrorAndClosesNobody() {
    String large = "\"" + "x".repeat(2 * 1024 * 1024) + "\"";
    gateway = gateway.withRpc("large", (participant, data) -> RpcReply.of(large));
    CentrifugeTestClient alice = connect("alice");
    alice.send("{\"id\":2,\"rpc\":{\"method\":\"large\"}}");
    assertEquals(
        List.of(CentrifugeTestClient.error(2, 106, "the reply is too large for this connection")),
        alice.received());
    assertEquals(0, alice.closeCode());
  }

  @Test
  void rpcsAndSentMessagesReachTheApplication() {
    List<String> sent = new ArrayList<>();
    CentrifugeTestClient withoutHandlers = connect("nobody");
    withoutHandlers.send(
        "{\"id\":2,\"rpc\":{\"method\":\"add\",\"data\":1}}", "{\"send\":{\"data\":1}}");
    assertEquals(
        List.of("{\"id\":2,\"error\":{\"code\":108,\"message\":\"not available\"}}"),
        withoutHandlers.received());
    assertEquals(3508, withoutHandlers.closeCode());
    gateway =
        gateway
            .withRpc(
                "upper",
                (participant, data) -> RpcReply.of(data.text().toUpperCase(java.util.Locale.ROOT)))
            .withRpc("no", (participant, data) -> RpcReply.error(400, "no, " + participant.name()))
            .withRpc("bytes", (participant, data) -> RpcReply.of(Payload.bytes(new byte[] {1})))
            .withSendListener((participant, data) -> sent.add(participant.name() + " " + data));
    CentrifugeTestClient alice = connect("alice");
    alice.send(
        "{\"id\":2,\"rpc\":{\"method\":\"upper\",\"data\":{\"a\":\"b\"}}}",
        "{\"id\":3,\"rpc\":{\"method\":\"no\"}}",
        "{\"id\":4,\"rpc\":{\"method\":\"missing\"}}",
        "{\"id\":5,\"rpc\":{\"method\":\"bytes\"}}",
        "{\"send\":{\"data\":{\"n\":1}}}");
    assertEquals(
        List.of(
            "{\"id\":2,\"rpc\":{\"data\":{\"A\":\"B\"}}}",
            "{\"id\":3,\"error\":{\"code\":400,\"message\":\"no, alice\"}}",
            "{\"id\":4,\"error\":{\"code\":104,\"message\":\"method not found\"}}",
            "{\"id\":5,\"rpc\":{\"data\":{\"base64\":\"AQ==\"}}}"),
        alice.received());
    assertEquals(List.of("alice {\"n\":1}"), sent);
  }

  @Test
  void anRpcMethodHasOneHandler() {
    Centrifuge withEcho = gateway.withRpc("echo", (participant, data) -> RpcReply.of(data));
    assertThrows(
        IllegalArgumentException.class,
        () -> withEcho.withRpc("echo", (participant, data) -> RpcReply.of("{}")));
    gateway = gateway.withRpc("echo", (participant, data) -> RpcReply.of("{}")); // another copy
  }

  @Test
  void callbacksThatThrowAreLoggedOnceAndCloseNobody() {
    gateway =
        gateway
            .withRpc(
                "error",
                (participant, data) -> {
                  throw new AssertionError("got " + data.text().replace('_', '\n'));
                })
            .withRpc("null", (participant, data) -> nothing())
            .withSendListener(
                (participant, data) -> {
                  throw new StackOverflowError();
                });
    CentrifugeTestClient alice = connect("alice");
    try (LogCapture log = new LogCapture()) {
      alice.send(
          "{\"id\":2,\"rpc\":{\"method\":\"error\",\"data\":\"a_b\"}}",
          "{\"id\":3,\"rpc\":{\"method\":\"null\"}}",
          "{\"send\":{\"data\":1}}",
          "{\"id\":4,\"subscribe\":{\"channel\":\"lobby\"}}");
      List<String> messages = log.messages();
      assertEquals(3, messages.size(), messages.toString());
      for (String message : messages) {
        assertTrue(message.contains("alice"), message);
      }
      assertTrue(messages.get(0).startsWith("Rpc handler \"error\" threw"), messages.get(0));
      assertEquals(
          "java.lang.AssertionError: got \"a\\u000ab\"",
          log.records().get(0).getThrown().toString());
    }
    List<String> received = alice.received();
    String internal =
        ",\"error\":{\"code\":100,\"message\":\"internal server error\",\"temporary\":true}}";
    assertEquals(List.of("{\"id\":2" + internal, "{\"id\":3" + internal), received.subList(0, 2));
    assertTrue(received.get(2).startsWith("{\"id\":4,\"subscribe\":"), received.get(2));
    assertEquals(0, alice.closeCode());
  }

  /** Code without nullness annotations may return null. */
  @SuppressWarnings({"NullAway", "DataFlowIssue"})
  private static RpcReply nothing() {
    return null;
  }
}
