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

class StencilTest {
  private static final List<Codec> FORMS = List.of(new JsonCodec(), new ProtobufCodec());
  private static final List<Publication> SAID =
      List.of(
          Publication.of(Data.of("\"hi\""), GoldenReplies.WHO, 0),
          Publication.of(Data.of("1"), null, 0),
          Publication.of(Data.NONE, null, 0),
          Publication.of(Data.of("\"" + "x".repeat(300) + "\""), null, 0),
          Publication.of(Data.of("\"" + "x".repeat(70_000) + "\""), null, 0),
          new Publication(Data.of("{}"), GoldenReplies.WHO, 0, Map.of("k", "v"), 5));

  @Test
  void aStencilWithItsOffsetIsThePublicationThatWasWrittenAtOnce() throws Exception {
    for (Publication said : SAID) {
      Stencil json = new JsonCodec().publication("chat", said);
      Stencil protobuf = new ProtobufCodec().publication("chat", said);
      for (long offset : List.of(1L, 127L, 128L, 300L, 1L << 31, Long.MAX_VALUE)) {
        Push whole =
            new Push.Said(
                "chat",
                new Publication(said.data(), said.info(), offset, said.tags(), said.time()));

        assertArrayEquals(new JsonCodec().encode(whole), json.at(offset), said.toString());
        // The offset is not where it is among the other fields, which means nothing.
        assertEquals(message(new ProtobufCodec().encode(whole)), message(protobuf.at(offset)));
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
  void anOffsetOfNothingIsZeroOrNone() {
    Publication said = Publication.of(Data.of("1"), null, 0);

    assertEquals(
        "{\"push\":{\"channel\":\"c\",\"pub\":{\"data\":1,\"offset\":0}}}",
        new String(new JsonCodec().publication("c", said).at(0), UTF_8));
    assertArrayEquals(
        new ProtobufCodec().encode(new Push.Said("c", said)),
        new ProtobufCodec().publication("c", said).at(0));
  }

  @Test
  void aStencilKeepsNothingOfTheOffsetBefore() {
    for (Codec form : FORMS) {
      Stencil stencil = form.publication("chat", SAID.get(0));
      byte[] one = stencil.at(1);
      stencil.at(123_456);
      assertArrayEquals(one, stencil.at(1));
    }
  }

  @Test
  void aStencilIsMadeOfBuffersThatAreUsedAgain() {
    JsonCodec json = new JsonCodec();
    json.encode(new Push.Said("chat", SAID.get(0))); // there is a buffer now
    int before = Json.LENIENT._getRecyclerPool().pooledCount();

    json.publication("chat", SAID.get(0));

    assertEquals(before, Json.LENIENT._getRecyclerPool().pooledCount());
  }
}
