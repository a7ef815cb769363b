package dev.roomful.centrifuge;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scenarios in {@code src/test/node}, with the JavaScript SDK in both forms. */
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class JavaScriptClientTest {

  @ParameterizedTest
  @EnumSource
  void allScenariosPassInNode(ContainerServer.Kind kind) throws Exception {
    Path files = Npm.install();
    try (SdkControlServer server = new SdkControlServer(kind, files);
        TestProcess node = TestProcess.start(files, "node", "node.mjs", server.uri().toString())) {
      server.awaitScenarios(node);
    }
  }

  @ParameterizedTest
  @EnumSource
  void allScenariosPassInChromium(ContainerServer.Kind kind) throws Exception {
    Path files = Npm.install();
    try (SdkControlServer server = new SdkControlServer(kind, files);
        TestProcess chromium = Chromium.start(server.uri().resolve("/page.html"))) {
      server.awaitScenarios(chromium);
    }
  }
}
