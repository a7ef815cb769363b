package dev.roomful.centrifuge;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The SDK for browsers tells its stories, in both forms: {@code src/test/node}. */
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class JavaScriptClientTest {

  @ParameterizedTest
  @EnumSource
  void theSdkTellsItsStoriesInNode(Site.Kind kind) throws Exception {
    Path files = Npm.install();
    try (Backstage backstage = new Backstage(kind, files);
        Program node = Program.start(files, "node", "node.mjs", backstage.uri().toString())) {
      backstage.hear(node);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSdkTellsItsStoriesInChromium(Site.Kind kind) throws Exception {
    Path files = Npm.install();
    try (Backstage backstage = new Backstage(kind, files);
        Program chromium = Chromium.start(backstage.uri().resolve("/page.html"))) {
      backstage.hear(chromium);
    }
  }
}
