package dev.roomful.centrifuge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.centrifuge.wire.Wire;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PublicationTemplateTest {
  private static final List<Codec> CODECS = List.of(new JsonCodec(), new ProtobufCodec());
  private static final List<Publication> PUBLICATIONS =
      List.of(
          new Publication(RawData.of("\"hi\""), GoldenReplies.INFO, 0, Map.of(), 0),
          Publication.of(RawData.of("1")),
          Publication.of(RawData.NONE),
          Publication.of(RawData.of("\"" + "x".repeat(300) + "\"")),
          Publication.of(RawData.of("\"" + "x".repeat(70_000) + "\"")),
          new Publication(RawData.of("{}"), GoldenReplies.INFO, 0, Map.of("k", "v"), 5));

  @Test
  void aTemplateWithItsOffsetAndTimeEqualsTheEncodedPublication() throws Exception {
    for (Publication publication : PUBLICATIONS) {
      PublicationTemplate json = new JsonCodec().publicationTemplate("chat", publication);
      PublicationTemplate protobuf = new ProtobufCodec().publicationTemplate("chat", publication);
      for (long number : List.of(1L, 127L, 128L, 300L, 1L << 31, Long.MAX_VALUE)) {
        long time = Long.MAX_VALUE - number + 1;
        Push whole =
            new Push.Publish(
                "chat",
                new Publication(
                    publication.data(), publication.info(), number, publication.tags(), time));

        assertArrayEquals(
            new JsonCodec().encode(whole), json.frameAt(number, time), publication.toString());
        // These fields are at other places among the others, which makes no difference.
        assertEquals(
            message(new ProtobufCodec().encode(whole)), message(protobuf.frameAt(number, time)));
      }
    }
  }

  private static Wire.Reply message(byte[] frame) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(frame);
    Wire.Reply reply = Wire.Reply.parseDelimitedFrom(in);
    assertEquals(0, in.available());
    return reply;
  }

  @Test
  void aPublicationWithoutAnOffsetHasOffsetZero() {
    Publication publication = Publication.of(RawData.of("1"));

    assertEquals(
        "{\"push\":{\"channel\":\"c\",\"pub\":{\"data\":1,\"time\":5,\"offset\":0}}}",
        new String(new JsonCodec().publicationTemplate("c", publication).frameAt(0, 5), UTF_8));
    assertArrayEquals(
        new ProtobufCodec().encode(new Push.Publish("c", publication)),
        new ProtobufCodec().publicationTemplate("c", publication).frameAt(0, 0));
  }

  @Test
  void aTemplateKeepsNoStateBetweenFrames() {
    for (Codec codec : CODECS) {
      PublicationTemplate template = codec.publicationTemplate("chat", PUBLICATIONS.get(0));
      byte[] one = template.frameAt(1, 2);
      template.frameAt(123_456, 1_700_000_000_123L);
      assertArrayEquals(one, template.frameAt(1, 2));
    }
  }

  @Test
  void aTemplateReleasesItsBuffers() {
    JsonCodec json = new JsonCodec();
    json.encode(
        new Push.Publish("chat", PUBLICATIONS.get(0))); // creates a buffer that can be reused
    int before = JsonSettings.LENIENT._getRecyclerPool().pooledCount();

    json.publicationTemplate("chat", PUBLICATIONS.get(0));

    assertEquals(before, JsonSettings.LENIENT._getRecyclerPool().pooledCount());
  }
}
