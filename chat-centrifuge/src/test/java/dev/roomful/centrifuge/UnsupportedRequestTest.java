package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests that are not supported. The bytes were written by protobufjs. */
class UnsupportedRequestTest {
  @Test
  void mapSubscriptionsAreNotAvailable() throws Exception {
    assertUnsupportedByBothCodecs(
        ClientError.NOT_AVAILABLE,
        "{\"id\":12,\"subscribe\":{\"channel\":\"chat\",\"type\":1,\"limit\":5}}",
        "0f080c2a0b0a04636861747801900105");
    assertUnsupportedByBothCodecs(
        ClientError.NOT_AVAILABLE,
        "{\"id\":14,\"publish\":{\"channel\":\"chat\",\"type\":1,\"key\":\"k\",\"removed\":true}}",
        "11080e3a0d0a0463686174180122016b2801");
  }

  @Test
  void sharedPollingIsNotAvailable() throws Exception {
    assertEquals(
        ClientError.NOT_AVAILABLE,
        decodeJson("{\"id\":1,\"subscribe\":{\"channel\":\"chat\",\"type\":4}}")
            .unsupportedError());
    assertUnsupportedByBothCodecs(
        ClientError.NOT_AVAILABLE,
        "{\"id\":15,\"sub_refresh\":{\"channel\":\"chat\",\"type\":1}}",
        "0c080f7a080a04636861741801");
  }

  @Test
  void tagFiltersAreABadRequest() throws Exception {
    assertUnsupportedByBothCodecs(
        ClientError.BAD_REQUEST,
        "{\"id\":13,\"subscribe\":{\"channel\":\"chat\",\"tf\":{\"key\":\"a\",\"cmp\":\"eq\"}}}",
        "16080d2a120a04636861746a0a1201611a026571220162");
  }

  @Test
  void pingsFromClientsAreNotAvailable() throws Exception {
    assertUnsupportedByBothCodecs(
        ClientError.NOT_AVAILABLE, "{\"id\":8,\"ping\":{}}", "0408085a00");
  }

  @Test
  void deltaAndCompactionOptionsAreIgnored() throws Exception {
    assertNull(
        decodeJson(
                "{\"id\":1,\"subscribe\":{\"channel\":\"chat\",\"delta\":\"fossil\",\"flag\":1}}")
            .unsupportedError());
  }

  @Test
  void allOtherRequestsAreSupported() {
    List<ClientRequest> unsupported =
        GoldenCommands.all().stream()
            .map(golden -> golden.command().request())
            .filter(request -> request.unsupportedError() != null)
            .toList();

    assertEquals(List.of(new ClientRequest.Ping()), unsupported);
  }

  private static void assertUnsupportedByBothCodecs(ClientError error, String json, String protobuf)
      throws MalformedFrameException {
    assertEquals(error, decodeJson(json).unsupportedError());
    ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(protobuf));
    assertEquals(error, new ProtobufCodec().decode(bytes).get(0).request().unsupportedError());
  }

  private static ClientRequest decodeJson(String line) throws MalformedFrameException {
    return new JsonCodec().decode(line).get(0).request();
  }
}
